/* Greenlets: one thread, several stacks. greenlet.settrace tells of each switch;
   without it the calls of one greenlet would hang below those of another. */
#include "_core_tree.h"

#include <stdlib.h>

typedef struct {
    Entry *sp, *limit, *bottom;
    u64 left, off;
} Stack;

static void
free_saved(PyObject *capsule)
{
    free(PyCapsule_GetPointer(capsule, NULL));
}

static void
save_stack(Thread *t, u64 greenlet, u64 now)
{
    Stack *stack = malloc(sizeof *stack);
    PyObject *capsule = stack ? PyCapsule_New(stack, NULL, free_saved) : NULL;
    PyObject *key = PyLong_FromUnsignedLongLong(greenlet);
    if (capsule && key) {
        *stack = (Stack){t->sp, t->limit, t->bottom, now, t->off};
        PyDict_SetItem(t->greenlets, key, capsule);
    }
    PyErr_Clear();
    Py_XDECREF(key);
    Py_XDECREF(capsule);
}

/* The time between is not theirs: each open activation begins that much later. */
static void
restore(Thread *t, Stack *stack, u64 now)
{
    t->bottom = stack->bottom;
    t->limit = stack->limit;
    t->sp = stack->sp;
    for (Entry *e = t->bottom + 1; e <= t->sp; e++) {
        e->enter += now - stack->left;
        e->off += t->off - stack->off;
    }
}

static int
load_stack(Builder *b, Thread *t, u64 greenlet, u64 now)
{
    PyObject *key = PyLong_FromUnsignedLongLong(greenlet);
    PyObject *capsule = key ? PyDict_GetItemWithError(t->greenlets, key) : NULL;
    int is_new = !capsule;
    if (capsule) {
        restore(t, PyCapsule_GetPointer(capsule, NULL), now);
        PyDict_DelItem(t->greenlets, key);
    }
    else {
        thread_give_stack(b, t, now);
    }
    PyErr_Clear();
    Py_XDECREF(key);
    return is_new;
}

static int
is_dead(PyObject *greenlet)
{
    PyObject *dead = PyObject_GetAttrString(greenlet, "dead");
    int result = dead ? PyObject_IsTrue(dead) : 0;
    PyErr_Clear();
    Py_XDECREF(dead);
    return result;
}

static void
switch_stacks(Builder *b, Thread *t, PyObject *origin, PyObject *target)
{
    u64 now = clock_ticks();
    notice(t, now);
    if (is_dead(origin)) {
        tree_close_open(b, t, now);
        thread_free_stack(b, t);
    }
    else {
        save_stack(t, (u64)(uintptr_t)origin, now);
    }
    t->greenlet = (u64)(uintptr_t)target;
    if (load_stack(b, t, t->greenlet, now)) {
        thread_seed(b, t, SEED_ALL, 0);
    }
}

static PyObject *
on_switch(PyObject *self, PyObject *const *args, size_t nargs, PyObject *kwnames)
{
    Builder *b = ((Callback *)self)->builder;
    Local *local = &core_local[b->slot];
    if (local->owner != b->owner || PyVectorcall_NARGS(nargs) < 2
        || !PyTuple_Check(args[1]) || PyTuple_GET_SIZE(args[1]) < 2) {
        Py_RETURN_NONE;
    }
    PyObject *tracer = Py_XNewRef(local->thread->tracer);
    Py_INCREF(b);  /* `wants` may stop it */
    switch_stacks(b, local->thread, PyTuple_GET_ITEM(args[1], 0),
                  PyTuple_GET_ITEM(args[1], 1));
    Py_DECREF(b);
    PyObject *result = tracer ? PyObject_Vectorcall(tracer, args, nargs, kwnames)
                              : Py_NewRef(Py_None);
    Py_XDECREF(tracer);
    return result;
}

void
thread_see_greenlets(Builder *b)
{
    static PyObject *name;
    if (b->greenlet) {
        return;
    }
    if (!name) {
        name = PyUnicode_InternFromString("greenlet");
    }
    PyObject *module = name ? PyImport_GetModule(name) : NULL;
    if (module && PyObject_HasAttrString(module, "settrace")) {
        b->greenlet = Py_NewRef(module);
    }
    PyErr_Clear();
    Py_XDECREF(module);
}

/* Seen for the first time inside a greenlet: what is on the shadow stack is that
   of the greenlet which switched here, most likely the parent. */
static void
part_stacks(Builder *b, Thread *t, PyObject *current, int seed)
{
    PyObject *parent = PyObject_GetAttrString(current, "parent");
    if (parent && parent != Py_None && t->sp > t->bottom) {
        u64 now = clock_ticks();
        save_stack(t, (u64)(uintptr_t)parent, now);
        thread_give_stack(b, t, now);
        thread_seed(b, t, seed, 0);
    }
    PyErr_Clear();
    Py_XDECREF(parent);
}

void
thread_watch_greenlets(Builder *b, Thread *t, int seed)
{
    t->greenlet = 1;  /* whatever follows: it is not tried again */
    PyObject *current = PyObject_CallMethod(b->greenlet, "getcurrent", NULL);
    PyObject *callback = current ? core_callback(b, on_switch) : NULL;
    t->greenlets = PyDict_New();
    PyObject *old = callback && t->greenlets
        ? PyObject_CallMethod(b->greenlet, "settrace", "O", callback) : NULL;
    if (old) {
        t->tracer = old == Py_None ? NULL : Py_NewRef(old);
        t->greenlet = (u64)(uintptr_t)current;
        part_stacks(b, t, current, seed);
    }
    PyErr_Clear();
    Py_XDECREF(old);
    Py_XDECREF(callback);
    Py_XDECREF(current);
}

/* settrace is per thread: from another one it cannot be taken back, and our
   callback then finds the builder stopped and does nothing. */
void
unwatch_greenlets(Builder *b, Thread *t)
{
    if (b->greenlet && t->greenlet > 1 && t == core_local[b->slot].thread) {
        PyObject *old = PyObject_CallMethod(b->greenlet, "settrace", "O",
                                            t->tracer ? t->tracer : Py_None);
        PyErr_Clear();
        Py_XDECREF(old);
    }
    Py_CLEAR(t->tracer);
    Py_CLEAR(t->greenlets);
    t->greenlet = 0;
}
