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
