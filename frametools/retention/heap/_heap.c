/* Walks over all that the collector knows: heap.py in C, with the same results.

   all objects  --> the type of each is compared (frames_in, carriers)
                --> each is traversed, and what it refers to is looked up in a set of
                    addresses (referrers)

   gc.get_referrers compares each reference with each target; here their number does not
   matter. Nothing of the program runs: tp_traverse is the collector's own way to look. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* --- a set of addresses: open addressing, at most half full --- */

typedef struct {
    void **slots;
    size_t mask;
    void *only; /* the one address there is, if there is one: the usual case */
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
        set->only = count == 1 ? address : NULL;
    }
    return 0;
}

/* The result is not relied on: TaskObj_traverse of 3.11 drops that of its base. */
static int
look_up(PyObject *object, void *arg)
{
    Addresses *set = arg;
    if (set->only != NULL ? object == set->only
                          : set->slots[place_of(set, object)] != NULL) {
        set->was_found = 1;
        return 1;
    }
    return 0;
}

/* --- walks --- */

typedef struct Walk {
    int (*is_wanted)(PyObject *, struct Walk *);
    PyObject *found;
    Addresses set;
    PyObject *except;
} Walk;

/* Returns 0 to end the walk: an error is set. */
static int
visit(PyObject *object, void *arg)
{
    Walk *walk = arg;
    return !walk->is_wanted(object, walk) || PyList_Append(walk->found, object) == 0;
}

static int
walk_list(PyObject *objects, Walk *walk)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(objects); i++) {
        if (!visit(PyList_GET_ITEM(objects, i), walk)) {
            return -1;
        }
    }
    return 0;
}

static PyObject *
ask_gc(const char *name)
{
    PyObject *gc = PyImport_ImportModule("gc"), *answer = NULL;
    if (gc != NULL) {
        answer = PyObject_CallMethod(gc, name, NULL);
        Py_DECREF(gc);
    }
    return answer;
}

/* From 3.14 on PyUnstable_GC_VisitObjects visits frozen objects too (seen on 3.14.10
   and 3.15.2; not on 3.12.1 and 3.13.0), which gc.get_objects leaves out. */
#if PY_VERSION_HEX >= 0x030C0000 && !defined(Py_GIL_DISABLED)
static int
visits_frozen(void)
{
#if PY_VERSION_HEX >= 0x030E0000
    PyObject *count = ask_gc("get_freeze_count");
    int frozen = count == NULL ? -1 : PyObject_IsTrue(count);
    Py_XDECREF(count);
    return frozen;
#else
    return 0;
#endif
}
#endif

/* Half of the time of a walk would go into making the list of all objects and freeing
   it: PyUnstable_GC_VisitObjects makes none. Frozen objects stay out in both twins. */
static int
walk_all(Walk *walk)
{
#if PY_VERSION_HEX >= 0x030C0000 && !defined(Py_GIL_DISABLED)
    int would_see = visits_frozen();
    if (would_see < 0) {
        return -1;
    }
    if (!would_see) {
        PyUnstable_GC_VisitObjects(visit, walk);
        return PyErr_Occurred() ? -1 : 0;
    }
#endif
    PyObject *objects = ask_gc("get_objects");
    if (objects == NULL) {
        return -1;
    }
    int result = walk_list(objects, walk);
    Py_DECREF(objects);
    return result;
}

static PyObject *
finish(Walk *walk, int result)
{
    PyMem_Free(walk->set.slots);
    if (result < 0) {
        Py_CLEAR(walk->found);
    }
    return walk->found;
}

static int
is_frame_or_generator(PyObject *object, Walk *Py_UNUSED(walk))
{
    PyTypeObject *type = Py_TYPE(object);
    return type == &PyFrame_Type || type == &PyGen_Type || type == &PyCoro_Type
        || type == &PyAsyncGen_Type;
}

static int
is_carrier(PyObject *object, Walk *walk)
{
    return is_frame_or_generator(object, walk) || Py_TYPE(object) == &PyTraceBack_Type
        || PyExceptionInstance_Check(object);
}

static int
refers(PyObject *object, Walk *walk)
{
    traverseproc traverse = Py_TYPE(object)->tp_traverse;
    if (traverse == NULL || object == walk->except || object == walk->found) {
        return 0;
    }
    walk->set.was_found = 0;
    (void)traverse(object, look_up, &walk->set);
    return walk->set.was_found;
}

static PyObject *
heap_frames_in(PyObject *Py_UNUSED(module), PyObject *objects)
{
    Walk walk = {.is_wanted = is_frame_or_generator, .found = PyList_New(0)};
    PyObject *list =
        PyList_CheckExact(objects) ? Py_NewRef(objects) : PySequence_List(objects);
    int result = walk.found == NULL || list == NULL ? -1 : walk_list(list, &walk);
    Py_XDECREF(list);
    return finish(&walk, result);
}

static PyObject *
heap_carriers(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(args))
{
    Walk walk = {.is_wanted = is_carrier, .found = PyList_New(0)};
    return finish(&walk, walk.found == NULL ? -1 : walk_all(&walk));
}

static PyObject *
heap_referrers(PyObject *Py_UNUSED(module), PyObject *targets)
{
    PyObject *sequence = PySequence_Fast(targets, "targets must be a sequence");
    if (sequence == NULL) {
        return NULL;
    }
    Walk walk = {.is_wanted = refers, .found = PyList_New(0), .except = targets};
    int result = walk.found == NULL ? -1 : fill(&walk.set, sequence);
    if (result == 0) {
        result = walk_all(&walk);
    }
    Py_DECREF(sequence);
    return finish(&walk, result);
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
    .m_name = "frametools.retention.heap._heap",
    .m_doc = "Walks over all that the collector knows.",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__heap(void)
{
    return PyModuleDef_Init(&definition);
}
