/* What each event does, shared by sys.monitoring callbacks and the profile hook. */
#ifndef FRAMETOOLS_CORE_EVENTS_H
#define FRAMETOOLS_CORE_EVENTS_H

#include "_core_tree.h"

/* EventKind of frametools/events.py */
enum { PY_START = 1, PY_RESUME, PY_THROW, PY_RETURN, PY_YIELD, PY_UNWIND, LINE,
       CALL, C_RETURN, C_RAISE, RAISE, RERAISE, EXCEPTION_HANDLED, STOP_ITERATION,
       INSTRUCTION, JUMP, BRANCH_LEFT, BRANCH_RIGHT, BRANCH };

/* A literal at each use, so that the compiler makes three lean forms. */
enum { CLOCKED, SAMPLED, RECORDED };

#define INLINE static inline __attribute__((always_inline))

/* The first word comes last: a reader stops at a row that begins with 0. */
static inline void
row(Builder *b, Thread *t, int kind, Node *node, u32 argument, u64 now)
{
    if (UNLIKELY(t->row == t->row_limit) && !events_row_extent(b, t)) {
        b->header->dropped++;
        return;
    }
    u32 *at = (u32 *)t->row;
    at[2] = node->id;
    at[3] = argument;
    u64 word = (now - b->header->tick_start) << 8 | (u64)kind;
    __atomic_store_n((u64 *)t->row, word, __ATOMIC_RELEASE);
    t->row += 16;
    b->recorded++;
}

INLINE void
enter_start(Builder *b, Thread *t, Node *node, int mode)
{
    Entry *sp = push(b, t, node, mode == SAMPLED);
    if (UNLIKELY(!sp)) {
        return;
    }
    node->calls++;
    if (mode == SAMPLED && UNLIKELY(b->ticker_wanted)) {
        ticker_restart(b);
    }
    if (mode == RECORDED) {
        sp->frame = ++b->serial;
        row(b, t, PY_START, node, (u32)sp->frame, sp->enter);
    }
}

INLINE void
enter_resume(Builder *b, Thread *t, Node *node, PyObject *code, Py_ssize_t offset,
             int mode, int kind)
{
    Entry *sp = push(b, t, node, mode == SAMPLED);
    if (UNLIKELY(!sp)) {
        return;
    }
    if (kind == PY_THROW) {
        node->throws++;
    }
    else {
        node->resumes++;
    }
    if (!(node->flags & NODE_TRACKED)) {
        return;
    }
    u32 serial = 0;
    if (kind == PY_RESUME || !suspend_is_unstarted(b, code, offset)) {
        serial = suspend_take(b, mode == SAMPLED ? b->header->tick_now : sp->enter);
    }
    if (mode == RECORDED) {
        sp->frame = serial ? serial : ++b->serial;
        row(b, t, kind, node, (u32)sp->frame, sp->enter);
    }
}

INLINE void
take_off(Thread *t, Entry *sp, u64 now, int mode)
{
    if (mode == SAMPLED) {
        t->sp = sp - 1;
    }
    else {
        notice(t, now);
        pop(t, sp, now);
    }
}

INLINE void
leave_entry(Builder *b, Thread *t, Entry *sp, u64 now, int mode, int kind)
{
    Node *node = sp->node;
    take_off(t, sp, now, mode);
    if (kind == PY_RETURN) {
        node->returns++;
    }
    else if (kind == PY_UNWIND) {
        node->unwinds++;
    }
    else {
        node->yields++;
        if (node->flags & NODE_TRACKED) {
            suspend_put(b, node, mode == SAMPLED ? b->header->tick_now : now,
                        (u32)sp->frame);
        }
    }
    if (mode == RECORDED) {
        row(b, t, kind, node, (u32)sp->frame, now);
    }
}

#endif
