/* run_alone(code, globals) or run_alone(function, *args): the program begins with an
   empty Python stack.

   As it starts, no Python frame runs: tstate->current_frame is what it was when
   the interpreter had just been made. The frames of the tool that starts it are
   put aside and put back after, so that sys._getframe(), inspect.stack(),
   warnings and the recursion limit see what they see under plain Python. The
   frames put aside keep their references; the collector needs no frames to find
   what they hold, but for free-threaded builds, where nothing is put aside. */
#include "_core_tree.h"

#include <stdlib.h>
#include <structmember.h>

#ifdef Py_GIL_DISABLED
#define CAN_HIDE 0
#else
#define CAN_HIDE 1
#endif

static PyObject *
call(PyObject *const *args, Py_ssize_t count)
{
    if (PyCode_Check(args[0])) {
        return PyEval_EvalCode(args[0], args[1], args[1]);
    }
    return PyObject_Vectorcall(args[0], args + 1, (size_t)count - 1, NULL);
}

#if CAN_HIDE && PY_VERSION_HEX >= 0x030F0000
static int
ignore_event(PyObject *self, PyFrameObject *frame, int what, PyObject *arg)
{
    (void)self, (void)frame, (void)what, (void)arg;
    return 0;
}

/* 3.15 looks for PY_UNWIND in the code's own monitoring data (a local event now), and
   a tool that is switched on meanwhile makes those of visible frames only: an exception
   that leaves a hidden frame reads NULL. So each frame gets them before it is hidden. */
static void
make_monitoring_data(PyThreadState *ts)
{
    if (!ts->c_profilefunc) {
        PyEval_SetProfile(ignore_event, NULL);
        PyEval_SetProfile(NULL, NULL);
    }
}
#else
#define make_monitoring_data(ts) ((void)0)
#endif

/* METH_FASTCALL: no tuple of arguments by which gc.get_referrers() would find us. */
PyObject *
alone_run(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    int is_code = count > 0 && PyCode_Check(args[0]);
    if (is_code ? count != 2 || !PyDict_Check(args[1])
                : count < 1 || !PyCallable_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError,
                        "run_alone(code, globals) or run_alone(function, *args)");
        return NULL;
    }
#if CAN_HIDE
    PyThreadState *ts = PyThreadState_Get();
    make_monitoring_data(ts);
    void *frame = CURRENT_FRAME(ts);
    int taken = RECURSION_LIMIT(ts) - RECURSION_REMAINING(ts);
    CURRENT_FRAME(ts) = NO_FRAME(ts);
    RECURSION_REMAINING(ts) += taken;
#endif
    PyObject *result = call(args, count);
#if CAN_HIDE
    CURRENT_FRAME(ts) = frame;
    RECURSION_REMAINING(ts) -= taken;
#endif
    return result;
}

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *function;
    /* Instead of a function: functions by the identity of the first argument. */
    PyObject *table;
    int lets_errors;
} Guard;

static PyTypeObject *guard_type;

static PyObject *make_guard(PyObject *function, PyObject *table, int lets_errors);

/* A new reference; NULL without an error if the table has nothing for it. */
static PyObject *
find_function(Guard *guard, PyObject *const *args, size_t nargs)
{
    if (!guard->table) {
        return Py_NewRef(guard->function);
    }
    if (PyVectorcall_NARGS(nargs) < 1) {
        PyErr_SetString(PyExc_TypeError, "the code object is missing");
        return NULL;
    }
    PyObject *key = PyLong_FromVoidPtr(args[0]);
    if (!key) {
        return NULL;
    }
    PyObject *function = PyDict_GetItemWithError(guard->table, key);
    Py_XINCREF(function);
    Py_DECREF(key);
    return function;
}

/* At the end of the stack our own call must not be what fails: the program would see
   a RecursionError out of frames that are not its own. */
static PyObject *
guarded(PyObject *self, PyObject *const *args, size_t nargs, PyObject *kwnames)
{
    enum { ROOM = 100 };
    PyThreadState *ts = PyThreadState_Get();
    PyObject *function = find_function((Guard *)self, args, nargs);
    if (!function) {
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    }
    RECURSION_REMAINING(ts) += ROOM;
    PyObject *result = PyObject_Vectorcall(function, args, nargs, kwnames);
    RECURSION_REMAINING(ts) -= ROOM;
    Py_DECREF(function);
    if (!result && !((Guard *)self)->lets_errors) {
        int is_interrupt = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt);
        PyErr_Clear();
        if (is_interrupt) {
            PyErr_SetInterrupt();  /* it was meant for the program */
        }
        result = Py_NewRef(Py_None);
    }
    return result;
}

static int
guard_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Guard *)self)->function);
    Py_VISIT(((Guard *)self)->table);
    return 0;
}

static int
guard_clear(PyObject *self)
{
    Py_CLEAR(((Guard *)self)->function);
    Py_CLEAR(((Guard *)self)->table);
    return 0;
}

static void
guard_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    guard_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMemberDef guard_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Guard, vectorcall), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot guard_slots[] = {
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_dealloc, guard_dealloc},
    {Py_tp_traverse, guard_traverse},
    {Py_tp_clear, guard_clear},
    {Py_tp_members, guard_members},
    {Py_tp_doc, "A callback with room to run, whose errors stay inside."},
    {0, NULL},
};

static PyType_Spec guard_spec = {
    "frametools.monitor._core.Guard", sizeof(Guard), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
        | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    guard_slots,
};

/* guard(function, lets_errors=False): a callable that lends it recursion room, and
   swallows its errors unless it is to let them out. */
PyObject *
alone_guard(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *function;
    int lets_errors = 0;
    if (!PyArg_ParseTuple(args, "O|p:guard", &function, &lets_errors)) {
        return NULL;
    }
    return make_guard(function, NULL, lets_errors);
}

/* dispatch(table): a guard that lets errors out, of a function for each code object. */
PyObject *
alone_dispatch(PyObject *module, PyObject *table)
{
    (void)module;
    if (!PyDict_Check(table)) {
        PyErr_SetString(PyExc_TypeError, "dispatch() takes a dict");
        return NULL;
    }
    return make_guard(NULL, table, 1);
}

static PyObject *
make_guard(PyObject *function, PyObject *table, int lets_errors)
{
    if (!guard_type) {
        guard_type = (PyTypeObject *)PyType_FromSpec(&guard_spec);
    }
    Guard *guard = guard_type ? PyObject_GC_New(Guard, guard_type) : NULL;
    if (guard) {
        guard->vectorcall = guarded;
        guard->function = Py_XNewRef(function);
        guard->table = Py_XNewRef(table);
        guard->lets_errors = lets_errors;
        PyObject_GC_Track(guard);
    }
    return (PyObject *)guard;
}

static int final_status;

static void
end_with_status(void)
{
    exit(final_status);
}

/* exit_status(n): the process ends with n, whatever Py_RunMain would return. It
   takes effect when the interpreter has been finalized: an atexit callback, which
   is where a failed report is known, has no other way. */
PyObject *
alone_exit_status(PyObject *module, PyObject *args)
{
    (void)module;
    if (!PyArg_ParseTuple(args, "i:exit_status", &final_status)) {
        return NULL;
    }
    if (Py_AtExit(end_with_status)) {
        PyErr_SetString(PyExc_RuntimeError, "Py_AtExit is full");
        return NULL;
    }
    Py_RETURN_NONE;
}
