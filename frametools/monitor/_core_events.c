/* The callbacks: objects of an own type with a vectorcall slot, which saves the
   checks of a builtin method (3-8 ns a call on 3.12 and 3.13, docs/facts).

   Each comes in three forms made from one inline body: with clock, sampled (no
   clock), and recording (a row for each event). */
#include "_core_events.h"

#include <string.h>
#include <structmember.h>

PyTypeObject *core_callback_type;
static PyObject *disable;

#define ARGS PyObject *self, PyObject *const *args, size_t nargs, PyObject *kwnames
#define UNUSED (void)nargs, (void)kwnames

/* sys.monitoring throws the result away; None is immortal where it exists. */
#if HAS_MONITORING
#define DONE return Py_None
#else
#define DONE Py_RETURN_NONE
#endif

/* `else_now` runs where the thread was not known yet: what began before that must
   not seem to end before it has begun. */
#define THIS_THREAD(seed, else_now)                                             \
    Callback *callback = (Callback *)self;                                      \
    Builder *b = callback->builder;                                             \
    Local *local = &core_local[callback->slot];                                 \
    Thread *t = local->thread;                                                  \
    UNUSED;                                                                     \
    if (UNLIKELY(local->owner != b->owner)) {                                   \
        if (!(t = find_thread(b, local, seed))) {                               \
            DONE;                                                               \
        }                                                                       \
        else_now;                                                               \
    }

/* The slow ways may run `wants`, and so any code: another thread may stop the
   builder meanwhile, and the last reference to it may go. */
static __attribute__((noinline)) Node *
find_child(Builder *b, Local *local, Thread *t, PyObject *code, int *is_left_out)
{
    Py_INCREF(b);
    Node *node = tree_find_child(b, t, code);
    if (local->owner != b->owner) {
        node = NULL;
    }
    else if (!node && disable && b->wants) {
        CodeEntry *entry = tree_code(b, code);
        *is_left_out = entry && entry->ignored;
    }
    Py_DECREF(b);
    return node;
}

static __attribute__((noinline)) Entry *
find_left(Builder *b, Local *local, Thread *t, void *key, PyObject *caller)
{
    Py_INCREF(b);
    Entry *sp = tree_leave_slow(b, t, key, caller);
    if (local->owner != b->owner) {
        sp = NULL;
    }
    Py_DECREF(b);
    return sp;
}

static __attribute__((noinline)) Thread *
find_thread(Builder *b, Local *local, int seed)
{
    Py_INCREF(b);
    Thread *t = thread_slow(b, seed);
    if (local->owner != b->owner) {
        t = NULL;
    }
    Py_DECREF(b);
    return t;
}

INLINE PyObject *
start(ARGS, int mode)
{
    THIS_THREAD(SEED_CALLERS, (void)0)
    Node *node = t->sp->node->last;
    if (UNLIKELY(node->key != args[0])) {
        int is_left_out = 0;
        node = find_child(b, local, t, args[0], &is_left_out);
        if (UNLIKELY(is_left_out)) {
            return Py_NewRef(disable);  /* the backend re-arms it as it stops */
        }
        if (UNLIKELY(!node)) {
            DONE;
        }
    }
    enter_start(b, t, node, mode);
    DONE;
}

INLINE PyObject *
resume(ARGS, int mode, int kind)
{
    THIS_THREAD(SEED_CALLERS, (void)0)
    Node *node = t->sp->node->last;
    if (UNLIKELY(node->key != args[0])) {
        int is_left_out;
        node = find_child(b, local, t, args[0], &is_left_out);
        if (UNLIKELY(!node)) {
            DONE;
        }
    }
    Py_ssize_t offset = kind == PY_THROW ? PyLong_AsSsize_t(args[1]) : 0;
    enter_resume(b, t, node, args[0], offset, mode, kind);
    DONE;
}

INLINE PyObject *
leave(ARGS, int mode, int kind)
{
    u64 now = mode == SAMPLED ? 0 : clock_ticks();
    THIS_THREAD(SEED_ALL, now = clock_ticks())
    Entry *sp = t->sp;
    if (UNLIKELY(sp->node->key != args[0])) {
        sp = find_left(b, local, t, args[0], NULL);
        if (!sp) {
            DONE;
        }
        now = clock_ticks();
    }
    leave_entry(b, t, sp, now, mode, kind);
    DONE;
}

#define FORMS(name, body, ...)                                                  \
    static PyObject *name##_clocked(ARGS)                                       \
    { return body(self, args, nargs, kwnames, CLOCKED, ##__VA_ARGS__); }        \
    static PyObject *name##_sampled(ARGS)                                       \
    { return body(self, args, nargs, kwnames, SAMPLED, ##__VA_ARGS__); }        \
    static PyObject *name##_recorded(ARGS)                                      \
    { return body(self, args, nargs, kwnames, RECORDED, ##__VA_ARGS__); }

FORMS(on_start, start)
FORMS(on_resume, resume, PY_RESUME)
FORMS(on_throw, resume, PY_THROW)
FORMS(on_return, leave, PY_RETURN)
FORMS(on_yield, leave, PY_YIELD)
FORMS(on_unwind, leave, PY_UNWIND)

/* --- C functions --- */

static void *
c_key(PyObject *callable)
{
    /* Exact types first: PyCFunction_Check() walks the bases of all others. */
    if (Py_IS_TYPE(callable, &PyCFunction_Type)) {
        return ((PyCFunctionObject *)callable)->m_ml;
    }
    if (Py_IS_TYPE(callable, &PyMethodDescr_Type)) {
        return ((PyMethodDescrObject *)callable)->d_method;
    }
    if (Py_IS_TYPE(callable, &PyCMethod_Type)) {
        return ((PyCFunctionObject *)callable)->m_ml;
    }
    return NULL;
}

INLINE void
c_enter(Builder *b, Thread *t, PyObject *callable, int mode)
{
    void *key = c_key(callable);
    if (!key) {
        return;
    }
    Node *caller = t->sp->node, *node = caller->last;
    if (UNLIKELY(node->key != key)) {
        node = tree_find_c_child(b, t, key, callable);
    }
    if (node && push(b, t, node, mode == SAMPLED)) {
        node->calls++;
        if (mode == RECORDED) {
            row(b, t, CALL, caller, node->code, t->last);
        }
    }
}

INLINE void
c_leave(Builder *b, Thread *t, PyObject *code, PyObject *callable, int mode, int kind)
{
    void *key = c_key(callable);
    if (!key) {
        return;
    }
    u64 now = mode == SAMPLED ? 0 : clock_ticks();
    Entry *sp = t->sp;
    /* What a frame that is not shown has called was not entered. */
    if (UNLIKELY(sp->node->key != key || sp[-1].node->key != code)) {
        sp = tree_leave_slow(b, t, key, code);
        if (!sp) {
            return;
        }
    }
    Node *node = sp->node;
    take_off(t, sp, now, mode);
    if (kind == C_RAISE) {
        node->unwinds++;
    }
    else {
        node->returns++;
    }
    if (mode == RECORDED) {
        row(b, t, kind, t->sp->node, node->code, now);
    }
}

/* CALL fires for every callable; only C functions get nodes, as c_call of
   sys.setprofile has it. */
INLINE PyObject *
call(ARGS, int mode)
{
    if (Py_IS_TYPE(args[2], &PyFunction_Type)) {
        DONE;
    }
    THIS_THREAD(SEED_ALL, (void)0)
    if (LIKELY(t->sp->node->key == args[0])) {
        c_enter(b, t, args[2], mode);
    }
    DONE;
}

INLINE PyObject *
c_return(ARGS, int mode, int kind)
{
    if (Py_IS_TYPE(args[2], &PyFunction_Type)) {
        DONE;
    }
    THIS_THREAD(SEED_ALL, (void)0)
    c_leave(b, t, args[0], args[2], mode, kind);
    DONE;
}

FORMS(on_call, call)
FORMS(on_c_return, c_return, C_RETURN)
FORMS(on_c_raise, c_return, C_RAISE)

/* --- events that are only recorded --- */

/* The running frame's node, NULL where the frame is not shown. */
static Node *
running_node(Thread *t, PyObject *code)
{
    Node *node = t->sp->node;
    return node->key == code ? node : NULL;
}

/* What is known by a number: LINE by its line, others by the offset in the code. */
INLINE PyObject *
numbered(ARGS, int kind)
{
    THIS_THREAD(SEED_ALL, (void)0)
    Node *node = running_node(t, args[0]);
    if (node) {
        row(b, t, kind, node, (u32)PyLong_AsLong(args[1]), clock_ticks());
    }
    DONE;
}

#define NUMBERED(name, kind)                                 \
    static PyObject *name(ARGS)                              \
    {                                                        \
        return numbered(self, args, nargs, kwnames, kind);   \
    }

NUMBERED(on_line, LINE)
NUMBERED(on_stop_iteration, STOP_ITERATION)
NUMBERED(on_instruction, INSTRUCTION)
NUMBERED(on_jump, JUMP)
#if PY_VERSION_HEX < 0x030E0000
NUMBERED(on_branch, BRANCH)
#else
NUMBERED(on_branch_left, BRANCH_LEFT)
NUMBERED(on_branch_right, BRANCH_RIGHT)
#endif

INLINE PyObject *
exception(ARGS, int kind)
{
    THIS_THREAD(SEED_ALL, (void)0)
    Node *node = running_node(t, args[0]);
    if (node) {
        u64 now = clock_ticks();
        u32 type = tree_name(b, 2, (PyObject *)Py_TYPE(args[2]));
        row(b, t, kind, node, type, now);
    }
    DONE;
}

static PyObject *
on_raise(ARGS)
{
    return exception(self, args, nargs, kwnames, RAISE);
}

static PyObject *
on_reraise(ARGS)
{
    return exception(self, args, nargs, kwnames, RERAISE);
}

static PyObject *
on_handled(ARGS)
{
    return exception(self, args, nargs, kwnames, EXCEPTION_HANDLED);
}

static u32
callee(Builder *b, PyObject *callable)
{
    if (PyMethod_Check(callable)) {
        callable = PyMethod_GET_FUNCTION(callable);
    }
    if (PyFunction_Check(callable)) {
        CodeEntry *entry = tree_code(b, PyFunction_GET_CODE(callable));
        if (entry && !entry->ignored) {
            return entry->index;
        }
    }
    return tree_name(b, 3, callable);
}

/* CALL asked for by name: a row for every callable, with nodes for C functions
   only where those are asked for too. */
static PyObject *
on_every_call(ARGS)
{
    THIS_THREAD(SEED_ALL, (void)0)
    Node *node = running_node(t, args[0]);
    if (!node) {
        DONE;
    }
    if (b->c_calls && c_key(args[2])) {
        c_enter(b, t, args[2], RECORDED);
    }
    else {
        row(b, t, CALL, node, callee(b, args[2]), clock_ticks());
    }
    DONE;
}

static PyObject *
on_every_c_return(ARGS)
{
    THIS_THREAD(SEED_ALL, (void)0)
    if (b->c_calls && c_key(args[2])) {
        c_leave(b, t, args[0], args[2], RECORDED, C_RETURN);
    }
    else if (running_node(t, args[0])) {
        row(b, t, C_RETURN, t->sp->node, callee(b, args[2]), clock_ticks());
    }
    DONE;
}

static PyObject *
on_every_c_raise(ARGS)
{
    THIS_THREAD(SEED_ALL, (void)0)
    if (b->c_calls && c_key(args[2])) {
        c_leave(b, t, args[0], args[2], RECORDED, C_RAISE);
    }
    else if (running_node(t, args[0])) {
        row(b, t, C_RAISE, t->sp->node, callee(b, args[2]), clock_ticks());
    }
    DONE;
}

/* --- rows --- */

static Extent *
events_recycle(Builder *b, Thread *t)
{
    Extent *oldest = NULL;
    for (Extent *e = b->image.first; e; e = e->next) {
        if (e->head->kind == EXTENT_EVENTS
            && (!oldest || e->head->sequence < oldest->head->sequence)) {
            oldest = e;
        }
    }
    if (!oldest) {
        return NULL;
    }
    /* A slow thread may still be filling it: it asks for another. */
    for (Thread *other = b->all; other; other = other->next) {
        if (other->row && other->row_limit == oldest->data + oldest->capacity) {
            other->row = other->row_limit = NULL;
        }
    }
    size_t rows = oldest->capacity / 16;
    memset(oldest->data, 0, oldest->capacity);
    oldest->head->owner = t->index;
    oldest->head->sequence = ++b->image.sequence;
    b->header->dropped += rows;
    b->header->flags |= FLAG_CUT_EARLY;
    return oldest;
}

/* The next extent of rows for this thread: new, or, where the last events are
   kept, the oldest of all. NULL: the bound is reached. */
char *
events_row_extent(Builder *b, Thread *t)
{
    /* Small bounds come in small extents: many threads share them. */
    enum { PARTS = 16, MOST = 4088, LATER = 65528, MANY = 1 << 20 };
    u64 left = b->max_events - b->rows_made, rows = b->max_events / PARTS;
    u64 most = b->rows_made < MANY ? MOST : LATER;  /* the kernel bounds our maps */
    rows = rows < 1 ? 1 : rows > most ? most : rows;
    rows = rows < left ? rows : left;
    Extent *e = NULL;
    if (rows) {
        e = image_extent(&b->image, EXTENT_EVENTS, rows * 16, t->index);
        b->rows_made += rows;
    }
    else if (b->keep_last) {
        e = events_recycle(b, t);
    }
    if (!e) {
        b->header->flags |= b->keep_last ? FLAG_CUT_EARLY : FLAG_CUT_LATE;
        t->row = t->row_limit = NULL;
        return NULL;
    }
    t->row = e->data;
    t->row_limit = e->data + e->capacity;
    return t->row;
}

/* --- callback objects --- */

PyObject *
core_callback(Builder *b, vectorcallfunc function)
{
    Callback *callback = PyObject_GC_New(Callback, core_callback_type);
    if (callback) {
        callback->vectorcall = function;
        callback->builder = (Builder *)Py_NewRef((PyObject *)b);
        callback->slot = b->slot;
        PyObject_GC_Track(callback);
    }
    return (PyObject *)callback;
}

static int
callback_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Callback *)self)->builder);
    return 0;
}

static void
callback_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(((Callback *)self)->builder);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMemberDef callback_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Callback, vectorcall), READONLY,
     NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot callback_slots[] = {
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_dealloc, callback_dealloc},
    {Py_tp_traverse, callback_traverse},
    {Py_tp_members, callback_members},
    {Py_tp_doc, "Callback of a TreeBuilder for one event."},
    {0, NULL},
};

static PyType_Spec callback_spec = {
    "frametools.monitor._core.Callback", sizeof(Callback), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
        | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    callback_slots,
};

typedef struct {
    const char *event;
    vectorcallfunc forms[3];
} Row;

#define ROW(event, name) {event, {name##_clocked, name##_sampled, name##_recorded}}

static const Row six[] = {
    ROW("PY_START", on_start), ROW("PY_RESUME", on_resume),
    ROW("PY_THROW", on_throw), ROW("PY_RETURN", on_return),
    ROW("PY_YIELD", on_yield), ROW("PY_UNWIND", on_unwind), {NULL, {NULL}},
};
static const Row c_functions[] = {
    ROW("CALL", on_call), ROW("C_RETURN", on_c_return),
    ROW("C_RAISE", on_c_raise), {NULL, {NULL}},
};
static const Row lines[] = {{"LINE", {NULL, NULL, on_line}}, {NULL, {NULL}}};
static const Row stops[] = {
    {"STOP_ITERATION", {NULL, NULL, on_stop_iteration}}, {NULL, {NULL}},
};
static const Row instructions[] = {
    {"INSTRUCTION", {NULL, NULL, on_instruction}}, {NULL, {NULL}},
};
static const Row jumps[] = {{"JUMP", {NULL, NULL, on_jump}}, {NULL, {NULL}}};
static const Row branches[] = {
#if PY_VERSION_HEX < 0x030E0000
    {"BRANCH", {NULL, NULL, on_branch}}, {NULL, {NULL}},
#else
    {"BRANCH_LEFT", {NULL, NULL, on_branch_left}},
    {"BRANCH_RIGHT", {NULL, NULL, on_branch_right}}, {NULL, {NULL}},
#endif
};
static const Row raises[] = {
    {"RAISE", {NULL, NULL, on_raise}}, {"RERAISE", {NULL, NULL, on_reraise}},
    {"EXCEPTION_HANDLED", {NULL, NULL, on_handled}}, {NULL, {NULL}},
};
static const Row calls[] = {
    {"CALL", {NULL, NULL, on_every_call}},
    {"C_RETURN", {NULL, NULL, on_every_c_return}},
    {"C_RAISE", {NULL, NULL, on_every_c_raise}}, {NULL, {NULL}},
};

static int
add(PyObject *dict, Builder *b, const Row *rows, int mode)
{
    for (; rows->event; rows++) {
        PyObject *callback = core_callback(b, rows->forms[mode]);
        if (!callback || PyDict_SetItemString(dict, rows->event, callback)) {
            Py_XDECREF(callback);
            return -1;
        }
        Py_DECREF(callback);
    }
    return 0;
}

static int
asks_for(Builder *b, const char *name)
{
    PyObject *text = b->event_names ? PyUnicode_FromString(name) : NULL;
    int found = text ? PySequence_Contains(b->event_names, text) : 0;
    Py_XDECREF(text);
    return found > 0;
}

PyObject *
events_callbacks(Builder *b)
{
    PyObject *dict = PyDict_New();
    int mode = b->record ? RECORDED : b->sampled ? SAMPLED : CLOCKED;
    if (!dict || add(dict, b, six, mode)
        || (b->c_calls && add(dict, b, c_functions, mode))
        || (asks_for(b, "LINE") && add(dict, b, lines, mode))
        || (asks_for(b, "STOP_ITERATION") && add(dict, b, stops, mode))
        || (asks_for(b, "INSTRUCTION") && add(dict, b, instructions, mode))
        || (asks_for(b, "JUMP") && add(dict, b, jumps, mode))
        || (asks_for(b, "BRANCH") && add(dict, b, branches, mode))
        || (asks_for(b, "RAISE") && add(dict, b, raises, mode))
        || (asks_for(b, "CALL") && add(dict, b, calls, mode))) {
        Py_XDECREF(dict);
        return NULL;
    }
    return dict;
}

int
events_init(PyObject *module)
{
    (void)module;
    if (!core_callback_type) {
        core_callback_type = (PyTypeObject *)PyType_FromSpec(&callback_spec);
    }
#if HAS_MONITORING
    PyObject *monitoring = PySys_GetObject("monitoring");
    if (core_callback_type && monitoring && !disable) {
        disable = PyObject_GetAttrString(monitoring, "DISABLE");
    }
#endif
    return core_callback_type ? 0 : -1;
}

/* --- for the profile hook of 3.11 --- */

void
events_enter_profile(Builder *b, Thread *t, PyObject *code, int lasti, int kind)
{
    Node *node = t->sp->node->last;
    if (node->key != code) {
        int is_left_out;
        node = find_child(b, &core_local[b->slot], t, code, &is_left_out);
    }
    if (!node) {
        return;
    }
    int mode = b->record ? RECORDED : b->sampled ? SAMPLED : CLOCKED;
    if (kind == PY_START) {
        enter_start(b, t, node, mode);
    }
    else {
        enter_resume(b, t, node, code, lasti, mode, kind);
    }
}

void
events_leave_profile(Builder *b, Thread *t, PyObject *code, int kind)
{
    u64 now = b->sampled ? 0 : clock_ticks();
    Entry *sp = t->sp;
    if (sp->node->key != code) {
        sp = find_left(b, &core_local[b->slot], t, code, NULL);
        now = clock_ticks();
    }
    if (sp) {
        leave_entry(b, t, sp, now,
                    b->record ? RECORDED : b->sampled ? SAMPLED : CLOCKED, kind);
    }
}

void
events_c_profile(Builder *b, Thread *t, PyObject *code, PyObject *callable, int kind)
{
    int mode = b->record ? RECORDED : b->sampled ? SAMPLED : CLOCKED;
    if (kind == CALL) {
        if (t->sp->node->key == code) {
            c_enter(b, t, callable, mode);
        }
    }
    else {
        c_leave(b, t, code, callable, mode, kind);
    }
}
