/* Frames of generators and coroutines between a yield and the next resume,
   found again by the address of their interpreter frame. */
#include "_core_tree.h"

#include <opcode.h>
#include <stdlib.h>

static void *
current_frame(void)
{
    PyThreadState *ts = THIS_STATE();
    return CURRENT_FRAME(ts);
}

static inline size_t
hash_frame(void *frame)
{
    return (size_t)((uintptr_t)frame >> 4) * 0x9E3779B97F4A7C15u >> 20;
}

static Suspended *
slot_of(Suspended *table, size_t mask, void *frame)
{
    size_t i = hash_frame(frame) & mask;
    while (table[i].frame && table[i].frame != frame) {
        i = (i + 1) & mask;
    }
    return &table[i];
}

static int
grow(Builder *b)
{
    size_t live = 0;
    for (size_t i = 0; b->suspended && i <= b->suspended_mask; i++) {
        live += b->suspended[i].node != NULL;
    }
    size_t size = 256;
    while (size < live * 4) {
        size *= 2;
    }
    Suspended *table = calloc(size, sizeof *table);
    if (!table) {
        return -1;
    }
    for (size_t i = 0; b->suspended && i <= b->suspended_mask; i++) {
        if (b->suspended[i].node) {
            *slot_of(table, size - 1, b->suspended[i].frame) = b->suspended[i];
        }
    }
    free(b->suspended);
    b->suspended = table;
    b->suspended_mask = size - 1;
    b->suspended_used = live;
    return 0;
}

void
suspend_put(Builder *b, Node *node, u64 time, u32 serial)
{
    if (b->suspended_used * 2 >= b->suspended_mask && grow(b)) {
        return;
    }
    void *frame = current_frame();
    Suspended *s = slot_of(b->suspended, b->suspended_mask, frame);
    b->suspended_used += !s->frame;
    *s = (Suspended){frame, node, time, serial};
}

u32
suspend_take(Builder *b, u64 now)
{
    if (!b->suspended) {
        return 0;
    }
    Suspended *s = slot_of(b->suspended, b->suspended_mask, current_frame());
    if (!s->frame || !s->node) {
        return 0;
    }
    if (s->node->flags & NODE_COROUTINE) {
        s->node->awaited += now - s->time;
    }
    /* The slot stays: the frame is likely to be suspended again. */
    s->node = NULL;
    return s->serial;
}

int
suspend_is_unstarted(Builder *b, PyObject *code, Py_ssize_t offset)
{
    if (!b->suspended) {
        return 0;
    }
    /* The plain instructions: in the code itself some are instrumented. */
    PyObject *plain = PyCode_GetCode((PyCodeObject *)code);
    if (!plain) {
        PyErr_Clear();
        return 0;
    }
    int is_unstarted = offset >= 0 && offset < PyBytes_GET_SIZE(plain)
        && (unsigned char)PyBytes_AS_STRING(plain)[offset] == UNSTARTED_OPCODE;
    Py_DECREF(plain);
    if (is_unstarted) {
        slot_of(b->suspended, b->suspended_mask, current_frame())->node = NULL;
    }
    return is_unstarted;
}

/* What is still suspended has waited until now. */
void
suspend_close(Builder *b, u64 now)
{
    for (size_t i = 0; b->suspended && i <= b->suspended_mask; i++) {
        Suspended *s = &b->suspended[i];
        if (s->node && s->node->flags & NODE_COROUTINE) {
            s->node->awaited += now - s->time;
        }
    }
    suspend_clear(b);
}

void
suspend_clear(Builder *b)
{
    free(b->suspended);
    b->suspended = NULL;
    b->suspended_used = b->suspended_mask = 0;
}
