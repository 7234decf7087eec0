/* 3.11, which has no sys.monitoring: the six events out of PyEval_SetProfile. */
#include "_core_events.h"

#if !HAS_MONITORING

/* Before opcode.h, which has a CALL of its own. */
enum { C_CALLED = CALL, C_RETURNED = C_RETURN, C_RAISED = C_RAISE };

#define Py_BUILD_CORE
#define NEED_OPCODE_TABLES
#include <internal/pycore_opcode.h>
#undef Py_BUILD_CORE
#include <opcode.h>

/* 'call' comes with the RESUME instruction; its argument says what is resumed:
   0 the start of a function, 1 to 3 after a yield. A throw runs none. */
static int
enter_kind(PyCodeObject *code, int lasti)
{
    if (lasti < 0) {
        return PY_START;
    }
    _Py_CODEUNIT unit = _PyCode_CODE(code)[lasti / (int)sizeof(_Py_CODEUNIT)];
    int opcode = _PyOpcode_Deopt[_Py_OPCODE(unit)];
    if (opcode != RESUME) {
        return PY_THROW;
    }
    return (_Py_OPARG(unit) & 3) == 0 ? PY_START : PY_RESUME;
}

static int
leave_kind(PyCodeObject *code, int lasti, PyObject *value)
{
    if (!value) {
        return PY_UNWIND;
    }
    _Py_CODEUNIT unit = _PyCode_CODE(code)[lasti / (int)sizeof(_Py_CODEUNIT)];
    int opcode = _PyOpcode_Deopt[_Py_OPCODE(unit)];
    return opcode == YIELD_VALUE ? PY_YIELD : PY_RETURN;
}

static Thread *
thread_of(Builder *b, int seed)
{
    Local *local = &core_local[b->slot];
    return local->owner == b->owner ? local->thread : thread_slow(b, seed);
}

/* The builder that has the hook. It is no argument of the hook's: sys.getprofile()
   would show it to the program, which has set none. */
static Builder *attached;

static void
handle(Builder *b, PyFrameObject *frame, int what, PyObject *arg)
{
    Thread *t = thread_of(b, what == PyTrace_CALL ? SEED_CALLERS : SEED_ALL);
    if (!t) {
        return;
    }
    PyCodeObject *code = PyFrame_GetCode(frame);
    int lasti = PyFrame_GetLasti(frame);
    if (what == PyTrace_CALL) {
        events_enter_profile(b, t, (PyObject *)code, lasti, enter_kind(code, lasti));
    }
    else if (what == PyTrace_RETURN) {
        events_leave_profile(b, t, (PyObject *)code, leave_kind(code, lasti, arg));
    }
    else if (b->c_calls && arg) {
        events_c_profile(b, t, (PyObject *)code, arg,
                         what == PyTrace_C_CALL ? C_CALLED
                         : what == PyTrace_C_RETURN ? C_RETURNED : C_RAISED);
    }
    Py_DECREF(code);
}

static int
hook(PyObject *self, PyFrameObject *frame, int what, PyObject *arg)
{
    Builder *b = attached;
    (void)self;
    if (b) {
        Py_INCREF(b);  /* `wants` may let it be detached */
        handle(b, frame, what, arg);
        Py_DECREF(b);
    }
    return 0;
}

/* threading.setprofile() gives a new thread this callable; its first event puts
   the C hook in place. */
static PyObject *
on_new_thread(PyObject *self, PyObject *const *args, size_t nargs, PyObject *kwnames)
{
    (void)kwnames;
    if (PyVectorcall_NARGS(nargs) < 3) {
        Py_RETURN_NONE;
    }
    int is_call = PyUnicode_Check(args[1])
        && PyUnicode_CompareWithASCIIString(args[1], "call") == 0;
    (void)self;
    PyEval_SetProfile(hook, NULL);
    if (is_call && PyFrame_Check(args[0])) {
        hook(NULL, (PyFrameObject *)args[0], PyTrace_CALL, Py_None);
    }
    Py_RETURN_NONE;
}

/* `threading` is not imported for this: a program that does without it must not
   see it. profile_see_threading() looks again as new code appears. */
static int
set_threading(PyObject *callback)
{
    PyObject *name = PyUnicode_InternFromString("threading");
    PyObject *threading = name ? PyImport_GetModule(name) : NULL;
    PyObject *done = threading
        ? PyObject_CallMethod(threading, "setprofile", "O", callback) : NULL;
    PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(threading);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

void
profile_see_threading(Builder *b)
{
    PyObject *callback = b->awaits_threading ? core_callback(b, on_new_thread) : NULL;
    if (callback) {
        b->awaits_threading = set_threading(callback) != 0;
        Py_DECREF(callback);
    }
    PyErr_Clear();
}

PyObject *
profile_attach(Builder *b)
{
    PyObject *callback = attached ? NULL : core_callback(b, on_new_thread);
    if (!callback) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_RuntimeError, "another builder is attached");
        }
        return NULL;
    }
    attached = (Builder *)Py_NewRef((PyObject *)b);
    b->awaits_threading = set_threading(callback) != 0;
    PyInterpreterState *interpreter = PyInterpreterState_Get();
    PyThreadState *ts = PyInterpreterState_ThreadHead(interpreter);
    for (; ts; ts = PyThreadState_Next(ts)) {
        if (!ts->c_profilefunc && _PyEval_SetProfile(ts, hook, NULL)) {
            PyErr_Clear();
        }
    }
    Py_DECREF(callback);
    Py_RETURN_NONE;
}

PyObject *
profile_detach(Builder *b)
{
    if (attached != b) {
        Py_RETURN_NONE;
    }
    PyInterpreterState *interpreter = PyInterpreterState_Get();
    PyThreadState *ts = PyInterpreterState_ThreadHead(interpreter);
    for (; ts; ts = PyThreadState_Next(ts)) {
        if (ts->c_profilefunc == hook && _PyEval_SetProfile(ts, NULL, NULL)) {
            PyErr_Clear();
        }
    }
    if (!b->awaits_threading) {
        set_threading(Py_None);
    }
    b->awaits_threading = 0;
    Py_CLEAR(attached);
    Py_RETURN_NONE;
}

#else

void
profile_see_threading(Builder *b)
{
    (void)b;
}

PyObject *
profile_attach(Builder *b)
{
    (void)b;
    PyErr_SetString(PyExc_RuntimeError,
                    "attach_profile() is for 3.11; use sys.monitoring");
    return NULL;
}

PyObject *
profile_detach(Builder *b)
{
    (void)b;
    Py_RETURN_NONE;
}

#endif
