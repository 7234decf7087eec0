/* Tasks of asyncio that bear a name of their own. The outermost coroutine of one gets
   a node for each name: in the file a code of its own, equal but for the index, and a
   TASK record with the name (docs/data-file.md).

   The name is asked for where a coroutine is entered that neither a coroutine nor a
   generator called; no other code pays for it. Only functions of asyncio's own C part
   are called, never what a subclass of Task makes of them: no code of the program
   runs. */
#include "_core_tree.h"

/* More names than these are not told apart: some programs name each request, and each
   name has a whole tree of calls. */
enum { MOST_NAMES = 100, MOST_LENGTH = 200, DEFAULT_LENGTH = 25 };

void
task_see_asyncio(Builder *b)
{
    PyObject *modules = b->task_name ? NULL : PySys_GetObject("modules");
    PyObject *module = modules && PyDict_CheckExact(modules)
        ? PyDict_GetItemString(modules, "_asyncio") : NULL;
    if (!module) {
        return;
    }
    PyObject *type = PyObject_GetAttrString(module, "Task");
    b->running_loop = PyObject_GetAttrString(module, "_get_running_loop");
    b->current_task = PyObject_GetAttrString(module, CURRENT_TASK);
    PyObject *name = type ? PyObject_GetAttrString(type, "get_name") : NULL;
    if (b->running_loop && b->current_task && name
        && Py_IS_TYPE(name, &PyMethodDescr_Type)) {
        b->task_name = Py_NewRef(name);
    }
    else {
        task_clear(b);
    }
    PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(type);
}

static PyObject *
current_task(Builder *b)
{
    PyObject *loop = PyObject_CallNoArgs(b->running_loop), *task = NULL;
    if (loop && loop != Py_None) {
#if HAS_C_CURRENT_TASK
        task = PyObject_CallOneArg(b->current_task, loop);
#else
        task = Py_XNewRef(PyDict_GetItemWithError(b->current_task, loop));
#endif
    }
    Py_XDECREF(loop);
    return task;
}

/* True for `Task-12`, which asyncio makes up, and `None`, which it gives on 3.13.0 where
   there is a task factory. */
static int
is_default(PyObject *name)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    if (length == 4) {
        return PyUnicode_CompareWithASCIIString(name, "None") == 0;
    }
    if (length < 6 || length > DEFAULT_LENGTH) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(name, i);
        if (i < 5 ? c != (Py_UCS4)"Task-"[i] : c < '0' || c > '9') {
            return 0;
        }
    }
    return 1;
}

/* The name of the task that runs, if it bears one of its own; else NULL. */
static PyObject *
own_name(Builder *b)
{
    PyObject *task = current_task(b);
    PyTypeObject *type = PyDescr_TYPE(b->task_name);
    PyObject *name = task && PyObject_TypeCheck(task, type)
        ? PyObject_CallOneArg(b->task_name, task) : NULL;
    Py_XDECREF(task);
    if (!name || !PyUnicode_CheckExact(name) || !PyUnicode_GET_LENGTH(name)
        || is_default(name)) {
        Py_XDECREF(name);
        return NULL;
    }
    if (PyUnicode_GET_LENGTH(name) > MOST_LENGTH) {
        Py_SETREF(name, PyUnicode_Substring(name, 0, MOST_LENGTH));
    }
    return name;
}

static u32
code_of(Builder *b, PyObject *code, u32 index, PyObject *name)
{
    if (!b->task_codes && !(b->task_codes = PyDict_New())) {
        return index;
    }
    PyObject *key = Py_BuildValue("(IO)", index, name);
    PyObject *known = key ? PyDict_GetItemWithError(b->task_codes, key) : NULL;
    if (known) {
        index = (u32)PyLong_AsUnsignedLong(known);
    }
    else if (key && PyDict_GET_SIZE(b->task_codes) < MOST_NAMES) {
        u32 own = tree_code_again(b, code, name);
        PyObject *number = PyLong_FromUnsignedLong(own);
        if (number && !PyDict_SetItem(b->task_codes, key, number)) {
            index = own;
        }
        Py_XDECREF(number);
    }
    Py_XDECREF(key);
    return index;
}

u32
task_code(Builder *b, PyObject *code, u32 index)
{
    if (!b->task_name || PyErr_Occurred()) {
        return index;
    }
    PyObject *name = own_name(b);
    if (name) {
        index = code_of(b, code, index, name);
        Py_DECREF(name);
    }
    PyErr_Clear();
    return index;
}

void
task_clear(Builder *b)
{
    Py_CLEAR(b->running_loop);
    Py_CLEAR(b->current_task);
    Py_CLEAR(b->task_name);
}
