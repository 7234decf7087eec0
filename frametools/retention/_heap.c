/* Walks over all that the collector knows: heap.py in C, with the same results.

   gc.get_objects() --> a list  --> the type of each is compared (frames_in, carriers)
                                --> each is traversed, what it refers to is looked up
                                    in a set of addresses (referrers)

   gc.get_referrers compares each reference with each target; here their number does not
   matter. Nothing of the program runs: tp_traverse is the collector's own way to look. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* --- a set of addresses: open addressing, at most half full --- */

typedef struct {
    void **slots;
    size_t mask;
    int was_found;
} Addresses;

static size_t
place_of(const Addresses *set, const void *address)
{
    size_t place = (size_t)(((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15u >> 20);
    place &= set->mask;
    while (set->slots[place] != NULL && set->slots[place] != address) {
        place = (place + 1) & set->mask;
    }
    return place;
}

static int
fill(Addresses *set, PyObject *sequence)
{
    Py_ssize_t count = PySequence_Fast_GET_SIZE(sequence);
    size_t size = 8;
    while (size < 2 * (size_t)count + 2) {
        size *= 2;
    }
    set->mask = size - 1;
    set->slots = PyMem_Calloc(size, sizeof(void *));
    if (set->slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        void *address = PySequence_Fast_GET_ITEM(sequence, i);
        set->slots[place_of(set, address)] = address;
    }
    return 0;
}

/* The result is not relied on: TaskObj_traverse of 3.11 drops that of its base. */
static int
look_up(PyObject *object, void *arg)
{
    Addresses *set = arg;
    if (set->slots[place_of(set, object)] != NULL) {
        set->was_found = 1;
        return 1;
    }
    return 0;
}

/* --- walks --- */

static PyObject *
all_objects(void)
{
    PyObject *gc = PyImport_ImportModule("gc");
    if (gc == NULL) {
        return NULL;
    }
    PyObject *objects = PyObject_CallMethod(gc, "get_objects", NULL);
    Py_DECREF(gc);
    if (objects != NULL && !PyList_CheckExact(objects)) {
        Py_SETREF(objects, PySequence_List(objects));
    }
    return objects;
}

static int
is_frame_or_generator(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    return type == &PyFrame_Type || type == &PyGen_Type || type == &PyCoro_Type
        || type == &PyAsyncGen_Type;
}

static int
is_carrier(PyObject *object)
{
    return is_frame_or_generator(object) || Py_TYPE(object) == &PyTraceBack_Type
        || PyExceptionInstance_Check(object);
}

static PyObject *
pick(PyObject *objects, int (*is_wanted)(PyObject *))
{
    PyObject *found = PyList_New(0);
    for (Py_ssize_t i = 0; found != NULL && i < PyList_GET_SIZE(objects); i++) {
        PyObject *object = PyList_GET_ITEM(objects, i);
        if (is_wanted(object) && PyList_Append(found, object) < 0) {
            Py_CLEAR(found);
        }
    }
    return found;
}

static PyObject *
heap_frames_in(PyObject *Py_UNUSED(module), PyObject *objects)
{
    PyObject *list =
        PyList_CheckExact(objects) ? Py_NewRef(objects) : PySequence_List(objects);
    if (list == NULL) {
        return NULL;
    }
    PyObject *found = pick(list, is_frame_or_generator);
    Py_DECREF(list);
    return found;
}

static PyObject *
heap_carriers(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(args))
{
    PyObject *objects = all_objects();
    if (objects == NULL) {
        return NULL;
    }
    PyObject *found = pick(objects, is_carrier);
    Py_DECREF(objects);
    return found;
}

static PyObject *
refer_to(PyObject *objects, Addresses *set, PyObject *except)
{
    PyObject *found = PyList_New(0);
    for (Py_ssize_t i = 0; found != NULL && i < PyList_GET_SIZE(objects); i++) {
        PyObject *object = PyList_GET_ITEM(objects, i);
        traverseproc traverse = Py_TYPE(object)->tp_traverse;
        if (traverse == NULL || object == except) {
            continue;
        }
        set->was_found = 0;
        (void)traverse(object, look_up, set);
        if (set->was_found && PyList_Append(found, object) < 0) {
            Py_CLEAR(found);
        }
    }
    return found;
}

static PyObject *
heap_referrers(PyObject *Py_UNUSED(module), PyObject *targets)
{
    PyObject *sequence = PySequence_Fast(targets, "targets must be a sequence");
    if (sequence == NULL) {
        return NULL;
    }
    PyObject *objects = all_objects(), *found = NULL;
    Addresses set = {NULL, 0, 0};
    if (objects != NULL && fill(&set, sequence) == 0) {
        found = refer_to(objects, &set, targets);
    }
    PyMem_Free(set.slots);
    Py_XDECREF(objects);
    Py_DECREF(sequence);
    return found;
}

static PyMethodDef functions[] = {
    {"frames_in", heap_frames_in, METH_O,
     "Return the frames, generators, coroutines and async generators among objects."},
    {"carriers", heap_carriers, METH_NOARGS,
     "Return all frames that have ended, tracebacks, exceptions, and generators."},
    {"referrers", heap_referrers, METH_O,
     "Return the objects that refer to any of the targets."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#ifdef Py_mod_gil
    /* Traversing needs the GIL: nothing may change meanwhile. */
    {Py_mod_gil, Py_MOD_GIL_USED},
#endif
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "frametools.retention._heap",
    .m_doc = "Walks over all that the collector knows.",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__heap(void)
{
    return PyModuleDef_Init(&definition);
}
