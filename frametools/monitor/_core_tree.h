/* The calling-context tree while it grows: nodes, threads, and the two hot
   functions that every event runs through. */
#ifndef FRAMETOOLS_CORE_TREE_H
#define FRAMETOOLS_CORE_TREE_H

#include "_core_python.h"

#include "_core_clock.h"
#include "_core_image.h"

#include <pthread.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

enum { NODE_PYTHON = 0, NODE_C = 1, NODE_THREAD = 2, NODE_KIND = 3,
       NODE_COROUTINE = 4, NODE_GENERATOR = 8,
       /* Its suspensions are remembered: coroutines always, generators where
          events are recorded. */
       NODE_TRACKED = 16,
       /* A coroutine that no other one, and no generator, called: it is never its
          caller's `last`, as the name of the task that runs has to be asked for. */
       NODE_TASK = 32 };

/* One path of calls. The first cache line is all that a call touches. */
typedef struct Node {
    void *key;           /* code object or PyMethodDef last seen here */
    struct Node *last;   /* child entered last: the usual next one */
    u64 calls, wall, off, returns;
    u32 id, parent, code, flags;

    u32 child, next, same, child_count, mask, pad;
    u32 *table;          /* children by code, from TABLE_FROM children on */
    u64 resumes, yields, awaited;
    u32 throws, unwinds;
} Node;

/* One activation on a thread's shadow stack. */
typedef struct {
    Node *node;
    u64 enter, off, frame;
} Entry;

struct Builder;

typedef struct Thread {
    Entry *sp, *limit, *bottom;
    u64 last, off;
    u64 sync_ticks, sync_cpu;
    u32 index, root;
    u64 ident, native_id, first, ended;
    char name[64];
    u64 running;
    u32 max_depth, open;
    /* run time only */
    struct Builder *builder;
    struct Thread *next_ended;
    char *row, *row_limit;
    PyObject *greenlets;  /* id of a greenlet -> capsule of its stack */
    u64 greenlet;         /* id of the one that runs, 0: not watched */
    struct Thread *next;  /* the builder's threads, newest first */
    u64 skipped;          /* frames that ran at start and are not shown */
    PyObject *tracer;     /* the program's own greenlet.settrace, called on */
    /* `off` as others see it while the thread is quiet: it may have been preempted
       anywhere, and `off` is its own to change. */
    u64 quiet_off;
} Thread;

/* What a builder knows of one live code object, kept in its co_extra. */
typedef struct {
    u64 owner;
    PyObject *code;  /* borrowed: freed with the code object */
    u32 index, slot;
    int flags;       /* node flags */
    int ignored;     /* ours, or left out */
} CodeEntry;

enum { MAX_BUILDERS = 4, TABLE_FROM = 8, NODES_PER_EXTENT = 4096,
       THREADS_PER_EXTENT = 16, STACK_ENTRIES = 128 };

typedef struct {
    void *frame;
    Node *node;
    u64 time;
    u32 serial;
} Suspended;

typedef struct {
    void *key;
    u32 index;
} CName;

typedef struct Builder {
    PyObject_HEAD
    u64 id;
    u64 owner;            /* changes with every start, stop and fork */
    int slot, is_running, pid;
    int is_inherited;     /* by a forked child: the map is the parent's, look away */
    int c_calls, sampled, record, keep_last;
    int awaits_threading;  /* 3.11: its hook is set once the program imports it */
    Image image;
    Header *header;
    Node **nodes;         /* extents of nodes */
    u32 node_extents, serial;
    Extent *threads, *stacks;
    size_t stack_used;
    Entry *free_stacks;
    Thread *all;          /* those that have not ended */
    u32 max_depth;        /* of those that have */
    Thread *ended;        /* threads that ended since; taken under the GIL */
    PyObject *codes;      /* (filename, qualname, firstlineno) -> index */
    u32 *code_nodes;      /* first node of each code: the chain `same` */
    u32 code_capacity;
    CName *c_names;       /* PyMethodDef -> index of its name */
    size_t c_names_used, c_names_mask;
    PyObject *wants, *hide;
    PyObject *greenlet;   /* the greenlet module once it is seen */
    /* Names of tasks, once asyncio is imported. */
    PyObject *running_loop, *current_task, *task_name;  /* functions of asyncio */
    /* (index of a code, name of a task) -> index of its own; it goes with the tree. */
    PyObject *task_codes;
    Suspended *suspended;
    size_t suspended_used, suspended_mask;
    /* recording */
    u64 max_events, rows_made, recorded;
    PyObject *event_names;
    /* heartbeat and sampler */
    pthread_t ticker;
    pthread_mutex_t ticker_lock;
    pthread_cond_t ticker_wake;
    int ticker_on, ticker_wanted, ticker_stop;
    u64 forked;           /* tick of the last fork of this process */
} Builder;

typedef struct {
    Thread *thread;
    u64 owner;
    u64 ignored;
} Local;

extern __thread Local core_local[MAX_BUILDERS]
    __attribute__((tls_model("initial-exec")));
extern Builder *core_builders[MAX_BUILDERS];

/* --- _core_tree.c --- */
int tree_init(Builder *b);
/* Frees what the heap holds. In a forked child the tables stay: the parent goes
   on writing into the nodes that point to them. */
void tree_free(Builder *b);
int core_extra_init(void);
Node *tree_node(Builder *b, u32 id);
Node *tree_new_node(Builder *b, Node *parent, u32 code, u32 flags);
/* The child of the innermost entry for `code`; NULL: it is not to be shown. */
Node *tree_find_child(Builder *b, Thread *t, PyObject *code);
Node *tree_find_c_child(Builder *b, Thread *t, void *key, PyObject *callable);
CodeEntry *tree_code(Builder *b, PyObject *code);
/* Index of a named thing that is no code object (a type, a callable). */
u32 tree_name(Builder *b, u32 kind, PyObject *named);
/* After it `t->sp` is the entry that `key` leaves, or the result is NULL.
   `caller` is the code that called a C function, NULL where `key` is code. */
Entry *tree_leave_slow(Builder *b, Thread *t, void *key, PyObject *caller);
Entry *tree_grow_stack(Builder *b, Thread *t);
void tree_close_open(Builder *b, Thread *t, u64 now);

/* --- _core_thread.c --- */
/* SEED_CALLERS leaves out the innermost frame: its own event puts it there. */
enum { SEED_ALL, SEED_CALLERS };
int threads_init(void);
void core_claim(Builder *b);
void core_release(Builder *b);
int thread_give_stack(Builder *b, Thread *t, u64 now);
Thread *thread_slow(Builder *b, int seed);
void thread_free_stack(Builder *b, Thread *t);
Thread *thread_at(Builder *b, u32 index);
void thread_seed(Builder *b, Thread *t, int seed, int skip);
/* Looks whether greenlets are in use, once per new code object. */
void thread_see_greenlets(Builder *b);
void thread_watch_greenlets(Builder *b, Thread *t, int seed);
void unwatch_greenlets(Builder *b, Thread *t);
Thread *thread_slow_skipping(Builder *b, int skip);
Entry *thread_new_stack(Builder *b, size_t entries);
u64 core_new_owner(void);

/* --- _core.c --- */
int builder_open(Builder *b, const char *path, u32 parent_pid);
void builder_close(Builder *b);

/* --- _core_ticker.c --- */
void ticker_start(Builder *b);
/* The same, a while after a fork. */
void ticker_restart(Builder *b);
void ticker_stop(Builder *b);

/* The index of one more code of the same name, for the tasks of a name. */
u32 tree_code_again(Builder *b, PyObject *code, PyObject *task);

/* --- _core_task.c --- */
/* Looks whether asyncio is in use, once per new code object. */
void task_see_asyncio(Builder *b);
/* The index of a code that a task begins with: its own, where the task is named. */
u32 task_code(Builder *b, PyObject *code, u32 index);
void task_clear(Builder *b);

/* --- _core_suspend.c --- */
void suspend_put(Builder *b, Node *node, u64 time, u32 serial);
/* Adds the wait to the node that was suspended; the frame's serial, or 0. */
u32 suspend_take(Builder *b, u64 now);
/* At a throw: the generator never ran, so what is remembered for its frame's address
   is of one that ended untold, as those do that ignore GeneratorExit. Forgets it. */
int suspend_is_unstarted(Builder *b, PyObject *code, Py_ssize_t offset);
void suspend_close(Builder *b, u64 now);
void suspend_clear(Builder *b);

/* --- _core_events.c --- */
typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    Builder *builder;
    int slot;
} Callback;

extern PyTypeObject *core_callback_type;
PyObject *core_callback(Builder *b, vectorcallfunc function);
PyObject *events_callbacks(Builder *b);
int events_init(PyObject *module);
void events_enter_profile(Builder *b, Thread *t, PyObject *code, int lasti,
                          int kind);
void events_leave_profile(Builder *b, Thread *t, PyObject *code, int kind);
void events_c_profile(Builder *b, Thread *t, PyObject *code, PyObject *callable,
                      int kind);
char *events_row_extent(Builder *b, Thread *t);

/* --- _core_profile.c --- */
void profile_see_threading(Builder *b);
PyObject *profile_attach(Builder *b);
PyObject *profile_detach(Builder *b);

/* --- _core_alone.c --- */
PyObject *alone_run(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *alone_guard(PyObject *module, PyObject *args);
PyObject *alone_dispatch(PyObject *module, PyObject *table);
PyObject *alone_exit_status(PyObject *module, PyObject *args);

/* CPU time of another thread in ns; 0: nobody knows. */
u64 cpu_of(Thread *t);
void sync_cpu(Thread *t, u64 now);
/* For one of which no code runs, as the caller has the GIL. */
void sync_other(Thread *t, u64 now);

/* A thread that was quiet for longer than CPU_GAP may have been off the CPU. */
static inline void
notice(Thread *t, u64 now)
{
    if (UNLIKELY(now - t->last > clock_gap)) {
        sync_cpu(t, now);
    }
    t->last = now;
}

/* Puts `node` on the stack; the clock is read last, so that what this costs
   falls on the caller, where cost_outside is subtracted. */
static inline Entry *
push(Builder *b, Thread *t, Node *node, int sampled)
{
    Entry *sp = t->sp;
    if (UNLIKELY(sp == t->limit)) {
        sp = tree_grow_stack(b, t);
        if (!sp) {
            return NULL;
        }
    }
    sp++;
    sp->node = node;
    if (!sampled) {
        u64 now = clock_ticks();
        notice(t, now);
        sp->enter = now;
        sp->off = t->off;
    }
    /* The ticker reads it from another thread. */
    __atomic_store_n(&t->sp, sp, __ATOMIC_RELEASE);
    return sp;
}

static inline void
pop(Thread *t, Entry *sp, u64 now)
{
    Node *node = sp->node;
    node->wall += now - sp->enter;
    node->off += t->off - sp->off;
    t->sp = sp - 1;
}

#endif
