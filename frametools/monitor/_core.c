/* frametools.monitor._core: TreeBuilder, Recorder, run_alone. The same names and
   results as treebuilder.py and recorder.py; _core.pyi has the types. */
#include "_core_tree.h"

#include <stdlib.h>
#include <string.h>
#include <structmember.h>
#include <unistd.h>

static PyObject *
os_error(const char *path)
{
    PyObject *name = path ? PyUnicode_DecodeFSDefault(path) : NULL;
    PyErr_Clear();
    PyObject *result = PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, name);
    Py_XDECREF(name);
    return result;
}

/* --- open and close, also for a forked child --- */

static void
set_origin(Header *h)
{
    h->tick_start = h->tick_now = clock_ticks();
    h->start_unix_ns = clock_read(CLOCK_REALTIME);
    h->cpu_start_ns = h->cpu_now_ns = clock_read(CLOCK_PROCESS_CPUTIME_ID);
}

int
builder_open(Builder *b, const char *path, u32 parent_pid)
{
    if (image_open(&b->image, path, parent_pid)) {
        return -1;
    }
    Header *h = b->header = b->image.header;
    b->owner = core_new_owner();
    b->pid = (int)getpid();
    h->flags = (b->sampled ? FLAG_SAMPLED : 0) | (b->c_calls ? FLAG_C_CALLS : 0)
        | (b->record ? FLAG_RECORD : 0);
    clock_refine();
    h->ns_per_tick = clock_ns_per_tick;
    set_origin(h);
    b->ticker_wanted = path != NULL || b->sampled;
    return tree_init(b);
}

void
builder_close(Builder *b)
{
    ticker_stop(b);
    tree_free(b);
    suspend_clear(b);
    image_close(&b->image);
    b->header = NULL;
    b->is_inherited = 0;
    b->threads = b->stacks = NULL;
    b->free_stacks = NULL;
    b->all = b->ended = NULL;
    b->max_depth = 0;
    b->serial = 0;
    b->rows_made = b->recorded = 0;
}

static int
check_open(Builder *b)
{
    if (!b->header) {
        PyErr_SetString(PyExc_RuntimeError, "this builder was never opened");
        return -1;
    }
    if (b->is_inherited) {
        PyErr_SetString(PyExc_RuntimeError, "this builder is the parent process's");
        return -1;
    }
    return 0;
}

/* --- TreeBuilder --- */

static int
open_at(Builder *b, PyObject *path)
{
    PyObject *bytes = NULL;
    if (path != Py_None && !PyUnicode_FSConverter(path, &bytes)) {
        return -1;
    }
    const char *name = bytes ? PyBytes_AS_STRING(bytes) : NULL;
    int failed = builder_open(b, name, 0);
    if (failed && !PyErr_Occurred()) {
        os_error(name);
    }
    Py_XDECREF(bytes);
    return failed;
}

static int
is_used(Builder *b)
{
    if (b->id) {
        PyErr_SetString(PyExc_RuntimeError, "__init__() may run once");
        return -1;
    }
    return 0;
}

static int
claim(Builder *b)
{
    b->slot = -1;
    b->id = core_new_owner();
    core_claim(b);
    if (b->slot < 0) {
        PyErr_SetString(PyExc_RuntimeError, "four builders are at work already");
        return -1;
    }
    return 0;
}

static int
init(Builder *b, PyObject *path, PyObject *wants, PyObject *hide)
{
    if (!PyTuple_Check(hide) || (wants != Py_None && !PyCallable_Check(wants))) {
        PyErr_SetString(PyExc_TypeError, "hide is a tuple of str, wants a callable");
        return -1;
    }
    if (b->sampled && b->record) {
        PyErr_SetString(PyExc_ValueError,
                        "events are recorded with their times: not with sampled");
        return -1;
    }
    if (claim(b)) {
        return -1;
    }
    Py_XSETREF(b->hide, Py_NewRef(hide));
    Py_XSETREF(b->wants, wants == Py_None ? NULL : Py_NewRef(wants));
    return open_at(b, path);
}

static int
tree_builder_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"path", "c_calls", "sampled", "wants", "hide", NULL};
    Builder *b = (Builder *)self;
    PyObject *path = Py_None, *wants = Py_None, *hide = NULL;
    if (is_used(b)) {
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O$ppOO:TreeBuilder", names,
                                     &path, &b->c_calls, &b->sampled, &wants,
                                     &hide)) {
        return -1;
    }
    hide = hide ? Py_NewRef(hide) : PyTuple_New(0);
    int failed = !hide || init(b, path, wants, hide);
    Py_XDECREF(hide);
    return failed ? -1 : 0;
}

static int
recorder_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"path", "max_events", "keep", "events", "c_calls",
                            "sampled", "wants", "hide", NULL};
    Builder *b = (Builder *)self;
    PyObject *path = Py_None, *wants = Py_None, *hide = NULL, *events = NULL;
    const char *keep = "first";
    unsigned long long max_events = 10000000;
    if (is_used(b)) {
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O$KsOppOO:Recorder", names,
                                     &path, &max_events, &keep, &events,
                                     &b->c_calls, &b->sampled, &wants, &hide)) {
        return -1;
    }
    if (strcmp(keep, "first") && strcmp(keep, "last")) {
        PyErr_SetString(PyExc_ValueError, "keep is \"first\" or \"last\"");
        return -1;
    }
    b->record = 1;
    b->max_events = max_events;
    b->keep_last = keep[0] == 'l';
    Py_XSETREF(b->event_names, Py_XNewRef(events));
    hide = hide ? Py_NewRef(hide) : PyTuple_New(0);
    int failed = !hide || init(b, path, wants, hide);
    Py_XDECREF(hide);
    return failed ? -1 : 0;
}

static PyObject *
builder_start(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"skip", NULL};
    Builder *b = (Builder *)self;
    int skip = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|i:start", names, &skip)
        || check_open(b)) {
        return NULL;
    }
    set_origin(b->header);
    b->is_running = 1;
    thread_slow_skipping(b, skip);
    if (b->ticker_wanted) {
        ticker_start(b);
    }
    Py_RETURN_NONE;
}

static PyObject *
builder_stop(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Builder *b = (Builder *)self;
    if (!b->is_running) {
        Py_RETURN_NONE;
    }
    if (b->is_inherited && !thread_slow(b, SEED_ALL)) {
        Py_RETURN_NONE;
    }
    ticker_stop(b);
    b->ticker_wanted = 0;
    b->is_running = 0;
    b->owner = core_new_owner();
    u64 now = clock_ticks();
    for (Thread *t = b->all; t; t = t->next) {
        if (!b->sampled && !t->ended) {
            sync_other(t, now);
        }
        tree_close_open(b, t, t->ended ? t->ended : now);
        unwatch_greenlets(b, t);
    }
    suspend_close(b, now);
    clock_refine();
    b->header->ns_per_tick = clock_ns_per_tick;
    b->header->tick_now = now;
    b->header->cpu_now_ns = clock_read(CLOCK_PROCESS_CPUTIME_ID);
    Py_RETURN_NONE;
}

static PyObject *
builder_attach_profile(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return profile_attach((Builder *)self);
}

static PyObject *
builder_detach_profile(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return profile_detach((Builder *)self);
}

static PyObject *
builder_ignore_this_thread(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Builder *b = (Builder *)self;
    if (check_open(b)) {
        return NULL;
    }
    core_local[b->slot] = (Local){NULL, 0, b->id};
    Py_RETURN_NONE;
}

static PyObject *
builder_note(PyObject *self, PyObject *args)
{
    Builder *b = (Builder *)self;
    unsigned int kind;
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "Iy*:note", &kind, &data)) {
        return NULL;
    }
    int failed = check_open(b)
        || image_meta(&b->image, kind, data.buf, (size_t)data.len, "", 0);
    PyBuffer_Release(&data);
    if (failed) {
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    Py_RETURN_NONE;
}

static PyObject *
builder_set_costs(PyObject *self, PyObject *args)
{
    Builder *b = (Builder *)self;
    double inside, outside, c_inside, c_outside;
    if (!PyArg_ParseTuple(args, "dddd:set_costs", &inside, &outside, &c_inside,
                          &c_outside)
        || check_open(b)) {
        return NULL;
    }
    Header *h = b->header;
    h->cost_inside = inside;
    h->cost_outside = outside;
    h->cost_c_inside = c_inside;
    h->cost_c_outside = c_outside;
    Py_RETURN_NONE;
}

/* Where each thread is that made events and has not ended. */
static PyObject *
builder_running(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Builder *b = (Builder *)self;
    PyObject *found = check_open(b) ? NULL : PyList_New(0);
    for (Thread *t = found ? b->all : NULL; t; t = t->next) {
        if (t->ended || !t->sp) {
            continue;
        }
        PyObject *row = Py_BuildValue("IIK", t->index, t->sp->node->id, cpu_of(t));
        int failed = !row || PyList_Append(found, row);
        Py_XDECREF(row);
        if (failed) {
            Py_CLEAR(found);
            break;
        }
    }
    return found;
}

/* Events so far: each activation has entered once, and left unless open. */
static u64
count_events(Builder *b)
{
    u64 events = 0;
    for (u32 id = 1; id < b->header->node_count; id++) {
        Node *n = tree_node(b, id);
        events += n->calls + n->resumes + n->throws
            + n->returns + n->yields + n->unwinds;
    }
    return events;
}

static PyObject *
builder_stats(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Builder *b = (Builder *)self;
    if (check_open(b)) {
        return NULL;
    }
    Header *h = b->header;
    u64 depth = 0, max_depth = b->max_depth;
    for (Thread *t = b->all; t; t = t->next) {
        u64 now = t->bottom && !t->ended ? (u64)(t->sp - t->bottom) : 0;
        depth = now > depth ? now : depth;
        max_depth = t->max_depth > max_depth ? t->max_depth : max_depth;
    }
    return Py_BuildValue(
        "{sK sK sK sK sK sK sK sK sK sK sK}", "nodes", h->node_count - 1, "codes",
        h->code_count, "threads", h->thread_count, "events", count_events(b),
        "depth", depth, "max_depth", max_depth, "recorded", b->recorded, "dropped",
        h->dropped, "unmatched", h->unmatched, "repaired", h->repaired, "bytes",
        b->image.total);
}

typedef struct {
    char *bytes;
    size_t length, capacity;
} Buffer;

static int
put_buffer(void *to, const void *bytes, size_t length)
{
    Buffer *buffer = to;
    if (buffer->capacity - buffer->length < length) {
        size_t capacity = (buffer->length + length) * 2;
        char *grown = realloc(buffer->bytes, capacity);
        if (!grown) {
            return -1;
        }
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    return 0;
}

static PyObject *
builder_image(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Builder *b = (Builder *)self;
    Buffer buffer = {NULL, 0, 0};
    if (check_open(b)) {
        return NULL;
    }
    PyObject *result = NULL;
    if (b->is_running) {
        b->header->tick_now = clock_ticks();
        b->header->cpu_now_ns = clock_read(CLOCK_PROCESS_CPUTIME_ID);
    }
    if (image_write(&b->image, !b->is_running, put_buffer, &buffer)) {
        PyErr_NoMemory();
    }
    else {
        result = PyBytes_FromStringAndSize(buffer.bytes, (Py_ssize_t)buffer.length);
    }
    free(buffer.bytes);
    return result;
}

static PyObject *
builder_finish(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Builder *b = (Builder *)self;
    Py_XDECREF(builder_stop(self, NULL));
    if (check_open(b)) {
        return NULL;
    }
    if (!b->image.path) {
        Py_RETURN_NONE;
    }
    if (image_finish(&b->image)) {
        return os_error(b->image.path);
    }
    return PyUnicode_DecodeFSDefault(b->image.path);
}

static PyObject *
builder_path(PyObject *self, void *closure)
{
    Builder *b = (Builder *)self;
    (void)closure;
    return b->image.path ? PyUnicode_DecodeFSDefault(b->image.path)
                         : Py_NewRef(Py_None);
}

static PyObject *
builder_callbacks(PyObject *self, void *closure)
{
    (void)closure;
    return check_open((Builder *)self) ? NULL : events_callbacks((Builder *)self);
}

static PyObject *
builder_owner_pid(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromLong(((Builder *)self)->pid);
}

static int
builder_traverse(PyObject *self, visitproc visit, void *arg)
{
    Builder *b = (Builder *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(b->wants);
    Py_VISIT(b->hide);
    Py_VISIT(b->greenlet);
    Py_VISIT(b->running_loop);
    Py_VISIT(b->current_task);
    Py_VISIT(b->task_name);
    Py_VISIT(b->event_names);
    return 0;
}

static int
builder_clear(PyObject *self)
{
    Builder *b = (Builder *)self;
    Py_CLEAR(b->wants);
    Py_CLEAR(b->hide);
    Py_CLEAR(b->greenlet);
    task_clear(b);
    Py_CLEAR(b->event_names);
    return 0;
}

static void
builder_dealloc(PyObject *self)
{
    Builder *b = (Builder *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    b->is_running = 0;
    core_release(b);
    if (b->header) {
        for (Thread *t = b->is_inherited ? NULL : b->all; t; t = t->next) {
            Py_CLEAR(t->greenlets);
            Py_CLEAR(t->tracer);
        }
        builder_close(b);
    }
    builder_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"start", (PyCFunction)(void (*)(void))builder_start,
     METH_VARARGS | METH_KEYWORDS, "Begin: the time origin is now."},
    {"stop", builder_stop, METH_NOARGS, "End; what is open is closed now."},
    {"attach_profile", builder_attach_profile, METH_NOARGS,
     "3.11: PyEval_SetProfile in every thread."},
    {"detach_profile", builder_detach_profile, METH_NOARGS, "Undo attach_profile."},
    {"ignore_this_thread", builder_ignore_this_thread, METH_NOARGS,
     "Count nothing of the calling thread."},
    {"note", builder_note, METH_VARARGS, "Append a META record: kind, bytes."},
    {"set_costs", builder_set_costs, METH_VARARGS,
     "Costs per activation in ns: inside, outside, and for C functions."},
    {"running", builder_running, METH_NOARGS,
     "Thread, innermost node, CPU time in ns, of each thread that lives."},
    {"stats", builder_stats, METH_NOARGS, "Counts so far; O(nodes)."},
    {"image", builder_image, METH_NOARGS, "The data file, compact, as bytes."},
    {"finish", builder_finish, METH_NOARGS,
     "Write the finished data file; its path, None without one."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef getset[] = {
    {"path", builder_path, NULL, "Where the data file is, or None.", NULL},
    {"callbacks", builder_callbacks, NULL,
     "Event name of sys.monitoring -> callback, made anew at each reading.", NULL},
    {"pid", builder_owner_pid, NULL, "The process whose data these are.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot tree_slots[] = {
    {Py_tp_init, tree_builder_init},
    {Py_tp_new, PyType_GenericNew},
    {Py_tp_dealloc, builder_dealloc},
    {Py_tp_traverse, builder_traverse},
    {Py_tp_clear, builder_clear},
    {Py_tp_methods, methods},
    {Py_tp_getset, getset},
    {Py_tp_doc, "Events -> calling-context trees, one per thread."},
    {0, NULL},
};

static PyType_Slot recorder_slots[] = {
    {Py_tp_init, recorder_init},
    {Py_tp_dealloc, builder_dealloc},
    {Py_tp_traverse, builder_traverse},
    {Py_tp_clear, builder_clear},
    {Py_tp_doc, "A TreeBuilder that keeps the events too, in order."},
    {0, NULL},
};

static PyType_Spec tree_spec = {
    "frametools.monitor._core.TreeBuilder", sizeof(Builder), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, tree_slots,
};

static PyType_Spec recorder_spec = {
    "frametools.monitor._core.Recorder", sizeof(Builder), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, recorder_slots,
};

/* --- module --- */

static int
add_types(PyObject *module)
{
    PyObject *tree = PyType_FromSpec(&tree_spec);
    PyObject *recorder = tree ? PyType_FromSpecWithBases(&recorder_spec, tree) : NULL;
    int failed = !recorder || PyModule_AddObjectRef(module, "TreeBuilder", tree)
        || PyModule_AddObjectRef(module, "Recorder", recorder);
    Py_XDECREF(tree);
    Py_XDECREF(recorder);
    return failed ? -1 : 0;
}

/* Callbacks, code entries and thread locals are of the process: one interpreter
   has them; in others the Python twin serves. */
static int
exec_module(PyObject *module)
{
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_ImportError,
                        "frametools' C core serves the main interpreter only");
        return -1;
    }
    static int extra_ready;
    clock_init();
    if (threads_init() || events_init(module) || (!extra_ready && core_extra_init())) {
        return -1;
    }
    extra_ready = 1;
    return add_types(module);
}

static PyMethodDef functions[] = {
    {"run_alone", (PyCFunction)(void (*)(void))alone_run, METH_FASTCALL,
     "Run code in globals, or call a function, with an empty Python stack below it."},
    {"guard", alone_guard, METH_VARARGS,
     "Wrap a callback: it has recursion room to run, and its errors stay inside."},
    {"dispatch", alone_dispatch, METH_O,
     "A callback that calls a function for each code object, by its identity."},
    {"exit_status", alone_exit_status, METH_VARARGS,
     "End the process with this status once the interpreter is finalized."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, exec_module},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
#ifdef Py_mod_gil
    /* The tables of codes and suspended frames are guarded by the GIL. */
    {Py_mod_gil, Py_MOD_GIL_USED},
#endif
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "frametools.monitor._core",
    .m_doc = "The monitor's per-event work in C.",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__core(void)
{
    return PyModuleDef_Init(&definition);
}
