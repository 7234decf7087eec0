/* Threads as they appear: their record, the frames that already run on them,
   their end; greenlets, which give one thread several stacks; fork. */
#include "_core_tree.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__thread Local core_local[MAX_BUILDERS] __attribute__((tls_model("initial-exec")));

static pthread_key_t end_key;
static pthread_mutex_t builders_lock = PTHREAD_MUTEX_INITIALIZER;
static u64 last_owner;

u64
core_new_owner(void)
{
    return ++last_owner;
}

/* --- stacks --- */

Entry *
thread_new_stack(Builder *b, size_t entries)
{
    if (entries == STACK_ENTRIES && b->free_stacks) {
        Entry *stack = b->free_stacks;
        b->free_stacks = (Entry *)(uintptr_t)stack->frame;
        return stack;
    }
    size_t bytes = entries * sizeof(Entry);
    if (entries > STACK_ENTRIES) {
        Extent *e = image_extent(&b->image, EXTENT_STACK, bytes, 0);
        return e ? (Entry *)e->data : NULL;
    }
    if (!b->stacks || b->stacks->capacity - b->stack_used < bytes) {
        b->stacks = image_extent(&b->image, EXTENT_STACK, 16 * bytes, 0);
        b->stack_used = 0;
        if (!b->stacks) {
            return NULL;
        }
    }
    Entry *stack = (Entry *)(b->stacks->data + b->stack_used);
    b->stack_used += bytes;
    return stack;
}

void
thread_free_stack(Builder *b, Thread *t)
{
    Entry *bottom = t->bottom;
    int is_small = bottom && t->limit - bottom + 1 == STACK_ENTRIES;
    __atomic_store_n(&t->sp, NULL, __ATOMIC_RELEASE);
    t->limit = t->bottom = NULL;
    if (is_small) {
        /* The link is in `frame`: the sampler may still look at this stack, and
           finds a node in `node`, if an old one. */
        bottom->frame = (u64)(uintptr_t)b->free_stacks;
        b->free_stacks = bottom;
    }
}

int
thread_give_stack(Builder *b, Thread *t, u64 now)
{
    Entry *bottom = thread_new_stack(b, STACK_ENTRIES);
    if (!bottom) {
        return -1;
    }
    bottom->node = tree_node(b, t->root);
    bottom->enter = now;
    bottom->off = t->off;
    t->bottom = t->sp = bottom;
    t->limit = bottom + STACK_ENTRIES - 1;
    return 0;
}

/* --- the name of a thread --- */

static PyObject *
main_thread_name(void)
{
    return PyUnicode_FromString("MainThread");
}

/* threading._active knows a thread only after its first few calls; its first
   frame, Thread._bootstrap(self), knows it from the start. */
static PyObject *
thread_object(PyFrameObject *outermost, unsigned long ident)
{
    PyObject *found = NULL;
#if HAS_FRAME_GETVAR
    PyCodeObject *code = PyFrame_GetCode(outermost);
    if (PyUnicode_CompareWithASCIIString(code->co_name, "_bootstrap") == 0) {
        found = PyFrame_GetVarString(outermost, "self");
        PyErr_Clear();
    }
    Py_DECREF(code);
#else
    (void)outermost;
#endif
    PyObject *name = found ? NULL : PyUnicode_FromString("threading");
    PyObject *module = name ? PyImport_GetModule(name) : NULL;
    PyObject *active = module ? PyObject_GetAttrString(module, "_active") : NULL;
    PyObject *key = active ? PyLong_FromUnsignedLong(ident) : NULL;
    if (key && PyDict_Check(active)) {
        found = Py_XNewRef(PyDict_GetItemWithError(active, key));
    }
    PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(module);
    Py_XDECREF(active);
    Py_XDECREF(key);
    return found;
}

static void
name_thread(Thread *t, PyFrameObject *outermost)
{
    PyObject *name = NULL;
    if (t->native_id == (u64)getpid()) {
        name = main_thread_name();
    }
    else {
        PyObject *thread = outermost ? thread_object(outermost, t->ident) : NULL;
        name = thread ? PyObject_GetAttrString(thread, "_name") : NULL;
        Py_XDECREF(thread);
        PyErr_Clear();
    }
    const char *text = name && PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;
    PyErr_Clear();
    if (text) {
        strncpy(t->name, text, sizeof t->name - 1);
    }
    else {
        PyOS_snprintf(t->name, sizeof t->name, "thread-%u", t->index);
    }
    Py_XDECREF(name);
}

/* --- frames that already run --- */

static PyObject *
running_codes(Builder *b, Thread *t, int skip)
{
    PyObject *codes = PyList_New(0);
    PyFrameObject *frame = PyThreadState_GetFrame(PyThreadState_Get());
    while (codes && frame) {
        PyObject *code = (PyObject *)PyFrame_GetCode(frame);
        if (skip-- > 0) {
            CodeEntry *entry = tree_code(b, code);
            t->skipped += entry && !entry->ignored;
        }
        else if (PyList_Append(codes, code)) {
            PyErr_Clear();
        }
        Py_DECREF(code);
        PyFrameObject *back = PyFrame_GetBack(frame);
        Py_DECREF(frame);
        frame = back;
    }
    Py_XDECREF(frame);
    return codes;
}

void
thread_seed(Builder *b, Thread *t, int seed, int skip)
{
    PyObject *codes = running_codes(b, t, skip + (seed == SEED_CALLERS));
    Py_ssize_t n = codes ? PyList_GET_SIZE(codes) : 0;
    if (seed == SEED_CALLERS) {  /* its own event shows the innermost */
        t->skipped = 0;
    }
    while (n--) {
        Node *node = tree_find_child(b, t, PyList_GET_ITEM(codes, n));
        Entry *entry = node ? push(b, t, node, b->sampled) : NULL;
        if (entry) {
            entry->frame = ++b->serial;
            t->running++;
        }
    }
    Py_XDECREF(codes);
}

static PyFrameObject *
outermost_frame(void)
{
    PyFrameObject *frame = PyThreadState_GetFrame(PyThreadState_Get());
    while (frame) {
        PyFrameObject *back = PyFrame_GetBack(frame);
        if (!back) {
            break;
        }
        Py_DECREF(frame);
        frame = back;
    }
    return frame;
}

/* --- birth and end --- */

Thread *
thread_at(Builder *b, u32 index)
{
    u32 block = index / THREADS_PER_EXTENT;
    for (Extent *e = b->image.first; e; e = e->next) {
        if (e->head->kind == EXTENT_THREADS && block-- == 0) {
            return (Thread *)e->data + index % THREADS_PER_EXTENT;
        }
    }
    return NULL;
}

static Thread *
new_record(Builder *b)
{
    u32 index = (u32)b->header->thread_count;
    if (index % THREADS_PER_EXTENT == 0) {
        b->threads = image_extent(&b->image, EXTENT_THREADS,
                                  THREADS_PER_EXTENT * 256, 0);
    }
    if (!b->threads) {
        return NULL;
    }
    Thread *t = (Thread *)(b->threads->data + 256 * (index % THREADS_PER_EXTENT));
    memset(t, 0, sizeof *t);
    t->index = index;
    return t;
}

/* `t->next` stays: the sampler may stand on this thread. */
static void
forget_thread(Builder *b, Thread *t)
{
    for (Thread **at = &b->all; *at; at = &(*at)->next) {
        if (*at == t) {
            __atomic_store_n(at, t->next, __ATOMIC_RELEASE);
            break;
        }
    }
    b->max_depth = t->max_depth > b->max_depth ? t->max_depth : b->max_depth;
}

static void
take_ended(Builder *b)
{
    Thread *t = __atomic_exchange_n(&b->ended, NULL, __ATOMIC_ACQ_REL);
    for (Thread *next; t; t = next) {
        next = t->next_ended;
        forget_thread(b, t);
        tree_close_open(b, t, t->ended);
        thread_free_stack(b, t);
    }
}

static Thread *
new_thread(Builder *b, int seed, int skip)
{
    take_ended(b);
    Thread *t = new_record(b);
    Node *root = t ? tree_new_node(b, NULL, t->index, NODE_THREAD) : NULL;
    u64 now = clock_ticks();
    if (!root) {
        return NULL;
    }
    t->root = root->id;
    if (thread_give_stack(b, t, now)) {
        return NULL;
    }
    t->builder = b;
    t->ident = PyThread_get_thread_ident();
    t->native_id = PyThread_get_thread_native_id();
    t->first = t->last = t->sync_ticks = now;
    t->sync_cpu = clock_read(CLOCK_THREAD_CPUTIME_ID);
    b->header->thread_count = t->index + 1;
    PyFrameObject *outermost = outermost_frame();
    name_thread(t, outermost);
    Py_XDECREF(outermost);
    Local *local = &core_local[b->slot];
    local->thread = t;
    local->owner = b->owner;
    pthread_setspecific(end_key, core_local);
    t->next = b->all;
    __atomic_store_n(&b->all, t, __ATOMIC_RELEASE);
    thread_see_greenlets(b);
    if (b->greenlet) {
        thread_watch_greenlets(b, t, seed);
    }
    thread_seed(b, t, seed, skip);
    return t;
}

/* Runs as the thread ends, without the GIL. */
static void
thread_ended(void *value)
{
    Local *locals = value;
    pthread_mutex_lock(&builders_lock);
    for (int slot = 0; slot < MAX_BUILDERS; slot++) {
        Builder *b = core_builders[slot];
        Thread *t = locals[slot].thread;
        if (!b || locals[slot].owner != b->owner || !t) {
            continue;
        }
        t->ended = clock_ticks();
        t->next_ended = __atomic_load_n(&b->ended, __ATOMIC_RELAXED);
        while (!__atomic_compare_exchange_n(&b->ended, &t->next_ended, t, 0,
                                            __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
        }
        locals[slot].owner = 0;
    }
    pthread_mutex_unlock(&builders_lock);
}

/* --- fork --- */

/* The child must not write into the parent's file. Nothing is open there yet:
   its first event makes a file of its own. */
static int
begin_child(Builder *b)
{
    char *path = NULL;
    u32 parent = (u32)b->pid;
    if (b->image.path) {
        const char *old = b->image.path, *slash = strrchr(old, '/');
        const char *dot = strrchr(slash ? slash : old, '.');
        size_t length = strlen(old) + 32;
        size_t root = dot ? (size_t)(dot - old) : strlen(old);
        path = malloc(length);
        if (path) {
            PyOS_snprintf(path, length, "%.*s.%ld%s", (int)root, old,
                          (long)getpid(), dot ? dot : "");
        }
    }
    Header costs = *b->header;
    builder_close(b);
    int failed = builder_open(b, path, parent) && builder_open(b, NULL, parent);
    free(path);
    PyErr_Clear();
    if (failed) {
        return -1;
    }
    b->header->cost_inside = costs.cost_inside;
    b->header->cost_outside = costs.cost_outside;
    b->header->cost_c_inside = costs.cost_c_inside;
    b->header->cost_c_outside = costs.cost_c_outside;
    return 0;
}

static void
before_fork(void)
{
    /* One thread less to be counted: 3.12+ warns when a process with several
       threads forks. The ticker comes back with the next quiet moment. */
    pthread_mutex_lock(&builders_lock);
    for (int slot = 0; slot < MAX_BUILDERS; slot++) {
        if (core_builders[slot] && core_builders[slot]->pid == (int)getpid()) {
            ticker_stop(core_builders[slot]);
        }
    }
}

static void
after_fork_parent(void)
{
    for (int slot = 0; slot < MAX_BUILDERS; slot++) {
        if (core_builders[slot]) {
            core_builders[slot]->forked = clock_ticks();
        }
    }
    pthread_mutex_unlock(&builders_lock);
}

static void
after_fork_child(void)
{
    for (int slot = 0; slot < MAX_BUILDERS; slot++) {
        if (core_builders[slot]) {
            core_builders[slot]->is_inherited = 1;
        }
    }
    memset(core_local, 0, sizeof core_local);
    pthread_mutex_init(&builders_lock, NULL);
}

void
core_claim(Builder *b)
{
    pthread_mutex_lock(&builders_lock);
    for (int slot = 0; slot < MAX_BUILDERS && b->slot < 0; slot++) {
        if (!core_builders[slot]) {
            core_builders[slot] = b;
            b->slot = slot;
        }
    }
    pthread_mutex_unlock(&builders_lock);
}

void
core_release(Builder *b)
{
    pthread_mutex_lock(&builders_lock);
    if (b->slot >= 0 && core_builders[b->slot] == b) {
        core_builders[b->slot] = NULL;
    }
    pthread_mutex_unlock(&builders_lock);
}

int
threads_init(void)
{
    static int done;
    if (!done) {
        if (pthread_key_create(&end_key, thread_ended)
            || pthread_atfork(before_fork, after_fork_parent, after_fork_child)) {
            PyErr_SetString(PyExc_ImportError, "pthread keys ran out");
            return -1;
        }
        done = 1;
    }
    return 0;
}

/* --- the slow way to this thread's record --- */

Thread *
thread_slow(Builder *b, int seed)
{
    Local *local = &core_local[b->slot];
    if (!b->is_running || local->ignored == b->id) {
        return NULL;
    }
    if (b->is_inherited && begin_child(b)) {
        b->is_running = 0;
        return NULL;
    }
    return new_thread(b, seed, 0);
}

Thread *
thread_slow_skipping(Builder *b, int skip)
{
    return new_thread(b, SEED_ALL, skip);
}
