#include "_core_tree.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(Node) == 128, "docs/data-file.md says 128 bytes");
_Static_assert(sizeof(Thread) <= 256, "docs/data-file.md says 256 bytes");
_Static_assert(sizeof(Entry) == 32, "docs/data-file.md says 32 bytes");

static Node no_child;  /* what `last` of a childless node points to: no key */
static Py_ssize_t extra_index[MAX_BUILDERS];
Builder *core_builders[MAX_BUILDERS];

/* --- nodes --- */

Node *
tree_node(Builder *b, u32 id)
{
    return &b->nodes[id / NODES_PER_EXTENT][id % NODES_PER_EXTENT];
}

static int
add_node_extent(Builder *b)
{
    Node **nodes = realloc(b->nodes, (b->node_extents + 1) * sizeof *nodes);
    if (!nodes) {
        return -1;
    }
    b->nodes = nodes;
    Extent *e = image_extent(&b->image, EXTENT_NODES,
                             NODES_PER_EXTENT * sizeof(Node), 0);
    if (!e) {
        return -1;
    }
    b->nodes[b->node_extents++] = (Node *)e->data;
    return 0;
}

static int
chain_code(Builder *b, Node *node)
{
    if (node->code >= b->code_capacity) {
        u32 capacity = node->code < 512 ? 1024 : node->code * 2;
        u32 *heads = realloc(b->code_nodes, capacity * sizeof *heads);
        if (!heads) {
            return -1;
        }
        memset(heads + b->code_capacity, 0,
               (capacity - b->code_capacity) * sizeof *heads);
        b->code_nodes = heads;
        b->code_capacity = capacity;
    }
    node->same = b->code_nodes[node->code];
    b->code_nodes[node->code] = node->id;
    return 0;
}

Node *
tree_new_node(Builder *b, Node *parent, u32 code, u32 flags)
{
    u32 id = (u32)b->header->node_count;
    if (id / NODES_PER_EXTENT >= b->node_extents && add_node_extent(b)) {
        b->header->flags |= FLAG_LOST;
        return NULL;
    }
    Node *node = tree_node(b, id);
    node->id = id;
    node->code = code;
    node->flags = flags;
    node->last = &no_child;
    node->parent = parent ? parent->id : 0;
    if ((flags & NODE_KIND) != NODE_THREAD && chain_code(b, node)) {
        return NULL;
    }
    if (parent) {
        node->next = parent->child;
        parent->child = id;
        parent->child_count++;
    }
    __atomic_store_n(&b->header->node_count, (u64)id + 1, __ATOMIC_RELEASE);
    return node;
}

static inline u32
hash_code(u32 code)
{
    return code * 0x9E3779B1u >> 7;
}

static void
table_put(Node *parent, u32 code, u32 id)
{
    u32 i = hash_code(code) & parent->mask;
    while (parent->table[i]) {
        i = (i + 1) & parent->mask;
    }
    parent->table[i] = id;
}

/* The new child of `parent` goes into its table; without memory for one the
   list of children serves. */
static void
table_add(Builder *b, Node *parent, Node *child)
{
    if (parent->child_count < TABLE_FROM) {
        return;
    }
    if (parent->table && parent->child_count * 2 <= parent->mask) {
        table_put(parent, child->code, child->id);
        return;
    }
    u32 size = parent->table ? (parent->mask + 1) * 2 : TABLE_FROM * 4;
    u32 *table = calloc(size, sizeof *table);
    free(parent->table);
    parent->table = table;
    parent->mask = size - 1;
    for (u32 id = table ? parent->child : 0; id; id = tree_node(b, id)->next) {
        table_put(parent, tree_node(b, id)->code, id);
    }
}

static Node *
child_by_code(Builder *b, Node *parent, u32 code)
{
    if (parent->table) {
        for (u32 i = hash_code(code) & parent->mask;; i = (i + 1) & parent->mask) {
            u32 id = parent->table[i];
            if (!id) {
                return NULL;
            }
            Node *node = tree_node(b, id);
            if (node->code == code) {
                return node;
            }
        }
    }
    for (u32 id = parent->child; id;) {
        Node *node = tree_node(b, id);
        if (node->code == code) {
            return node;
        }
        id = node->next;
    }
    return NULL;
}

static Node *
child(Builder *b, Thread *t, void *key, u32 code, u32 flags)
{
    Node *parent = t->sp->node, *node = child_by_code(b, parent, code);
    if (!node) {
        node = tree_new_node(b, parent, code, flags);
        if (!node) {
            return NULL;
        }
        table_add(b, parent, node);
        u32 depth = (u32)(t->sp - t->bottom) + 1;
        if (depth > t->max_depth) {
            t->max_depth = depth;
        }
    }
    node->key = key;
    if (!(flags & NODE_TASK)) {
        parent->last = node;
    }
    return node;
}

/* --- names of code --- */

typedef struct {
    u32 index, line, flags, kind, qualname_length, filename_length;
} CodeRecord;

static u32
new_name(Builder *b, PyObject *filename, PyObject *qualname, u32 line, u32 flags,
         u32 kind)
{
    u32 index = (u32)b->header->code_count;
    PyObject *f = PyUnicode_AsEncodedString(filename, "utf-8", "surrogatepass");
    PyObject *q = PyUnicode_AsEncodedString(qualname, "utf-8", "surrogatepass");
    if (f && q) {
        Py_ssize_t nf = PyBytes_GET_SIZE(f), nq = PyBytes_GET_SIZE(q);
        CodeRecord record = {index, line, flags, kind, (u32)nq, (u32)nf};
        char *head = malloc(sizeof record + (size_t)nq);
        if (head) {
            memcpy(head, &record, sizeof record);
            memcpy(head + sizeof record, PyBytes_AS_STRING(q), (size_t)nq);
            image_meta(&b->image, META_CODE, head, sizeof record + (size_t)nq,
                       PyBytes_AS_STRING(f), (size_t)nf);
            free(head);
        }
        __atomic_store_n(&b->header->code_count, (u64)index + 1, __ATOMIC_RELEASE);
    }
    PyErr_Clear();
    Py_XDECREF(f);
    Py_XDECREF(q);
    return index;
}

/* Index of a name, new or known; (u32)-1 when memory ran out. */
static u32
name_index(Builder *b, PyObject *filename, PyObject *qualname, u32 line, u32 flags,
           u32 kind)
{
    PyObject *key = Py_BuildValue("(OOII)", filename, qualname, line, kind);
    PyObject *known = key ? PyDict_GetItemWithError(b->codes, key) : NULL;
    u32 index = (u32)-1;
    if (known) {
        index = (u32)PyLong_AsUnsignedLong(known);
    }
    else if (key) {
        index = new_name(b, filename, qualname, line, flags, kind);
        PyObject *number = PyLong_FromUnsignedLong(index);
        if (!number || PyDict_SetItem(b->codes, key, number)) {
            PyErr_Clear();
        }
        Py_XDECREF(number);
    }
    Py_XDECREF(key);
    PyErr_Clear();
    return index;
}

u32
tree_code_again(Builder *b, PyObject *object, PyObject *task)
{
    PyCodeObject *code = (PyCodeObject *)object;
    u32 index = new_name(b, code->co_filename, code->co_qualname,
                         (u32)code->co_firstlineno, (u32)code->co_flags, 0);
    PyObject *name = PyUnicode_AsEncodedString(task, "utf-8", "replace");
    if (name) {
        image_meta(&b->image, META_TASK, &index, sizeof index,
                   PyBytes_AS_STRING(name), (size_t)PyBytes_GET_SIZE(name));
    }
    Py_XDECREF(name);
    return index;
}

static int
is_hidden(Builder *b, PyObject *filename)
{
    Py_ssize_t n = b->hide ? PyTuple_GET_SIZE(b->hide) : 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (PyUnicode_Tailmatch(filename, PyTuple_GET_ITEM(b->hide, i), 0,
                                PY_SSIZE_T_MAX, -1) == 1) {
            return 1;
        }
    }
    return 0;
}

/* A `wants` that raises is answered with yes: what it cannot judge is shown. */
static int
is_left_out(Builder *b, PyObject *code)
{
    if (!b->wants) {
        return 0;
    }
    PyObject *answer = PyObject_CallOneArg(b->wants, code);
    int wanted = answer ? PyObject_IsTrue(answer) : 1;
    Py_XDECREF(answer);
    if (PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
        PyErr_SetInterrupt();  /* it was meant for the program */
    }
    PyErr_Clear();
    return wanted == 0;
}

static u32
code_flags(Builder *b, PyCodeObject *code)
{
    u32 flags = NODE_PYTHON;
    if (code->co_flags & (CO_COROUTINE | CO_ASYNC_GENERATOR | CO_ITERABLE_COROUTINE)) {
        flags |= NODE_COROUTINE | NODE_TRACKED;
    }
    if (code->co_flags & CO_GENERATOR) {
        flags |= NODE_GENERATOR | (b->record ? NODE_TRACKED : 0);
    }
    return flags;
}

static CodeEntry *
read_code(Builder *b, CodeEntry *entry, PyObject *object)
{
    PyCodeObject *code = (PyCodeObject *)object;
    thread_see_greenlets(b);
    task_see_asyncio(b);
    if (UNLIKELY(b->awaits_threading)) {
        profile_see_threading(b);
    }
    u64 owner = b->owner;
    int ignored = is_hidden(b, code->co_filename) || is_left_out(b, object);
    u32 index = ignored ? 0
        : name_index(b, code->co_filename, code->co_qualname,
                     (u32)code->co_firstlineno, (u32)code->co_flags, 0);
    entry->flags = (int)code_flags(b, code);
    entry->ignored = ignored || index == (u32)-1;
    entry->index = index;
    /* Last: `wants` may have let another thread run, which must not find it half
       made. */
    entry->owner = owner;
    return entry;
}

CodeEntry *
tree_code(Builder *b, PyObject *code)
{
    void *extra = NULL;
    if (GET_CODE_EXTRA(code, extra_index[b->slot], &extra)) {
        PyErr_Clear();
        return NULL;
    }
    CodeEntry *entry = extra;
    if (entry && entry->owner == b->owner) {
        return entry;
    }
    if (!entry) {
        entry = calloc(1, sizeof *entry);
        if (!entry) {
            return NULL;
        }
        entry->code = code;
        entry->slot = (u32)b->slot;
        if (SET_CODE_EXTRA(code, extra_index[b->slot], entry)) {
            PyErr_Clear();
            free(entry);
            return NULL;
        }
    }
    return read_code(b, entry, code);
}

/* Runs when a code object is freed: another one may get its address, so no
   node may go on taking that address for its own. */
static void
code_died(void *extra)
{
    CodeEntry *entry = extra;
    if (!entry) {  /* called for each index, used or not */
        return;
    }
    Builder *b = core_builders[entry->slot];
    if (b && entry->owner == b->owner && !entry->ignored && !b->is_inherited
        && entry->index < b->code_capacity) {
        for (u32 id = b->code_nodes[entry->index]; id;) {
            Node *node = tree_node(b, id);
            if (node->key == entry->code) {
                node->key = NULL;
            }
            id = node->same;
        }
    }
    free(entry);
}

int
core_extra_init(void)
{
    for (int i = 0; i < MAX_BUILDERS; i++) {
        extra_index[i] = REQUEST_CODE_EXTRA(code_died);
        if (extra_index[i] < 0) {
            PyErr_SetString(PyExc_ImportError, "no co_extra index is free");
            return -1;
        }
    }
    return 0;
}

/* --- finding the child --- */

Node *
tree_find_child(Builder *b, Thread *t, PyObject *code)
{
    if (UNLIKELY(b->greenlet && !t->greenlet)) {
        thread_watch_greenlets(b, t, SEED_CALLERS);
    }
    /* Most misses are the other one of a few callees: their keys tell, for less
       than the look at co_extra costs. */
    Node *parent = t->sp->node;
    for (u32 id = parent->table ? 0 : parent->child; id;) {
        Node *node = tree_node(b, id);
        if (node->key == code && !(node->flags & NODE_TASK)) {
            return parent->last = node;
        }
        id = node->next;
    }
    CodeEntry *entry = tree_code(b, code);
    if (!entry || entry->ignored) {
        return NULL;
    }
    if (UNLIKELY(b->greenlet && !t->greenlet)) {  /* seen with this very code */
        thread_watch_greenlets(b, t, SEED_CALLERS);
    }
    u32 index = entry->index, flags = (u32)entry->flags;
    if (UNLIKELY(flags & NODE_COROUTINE)
        && !(t->sp->node->flags & (NODE_COROUTINE | NODE_GENERATOR))) {
        index = task_code(b, code, index);
        flags |= NODE_TASK;
    }
    return child(b, t, code, index, flags);
}

/* The type in `type`'s MRO whose method this is; NULL if it is of none. */
static const char *
definer_of(PyTypeObject *type, PyMethodDef *method)
{
    PyObject *mro = type->tp_mro;
    Py_ssize_t n = mro && PyTuple_Check(mro) ? PyTuple_GET_SIZE(mro) : 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        PyObject *names = TYPE_DICT(base);
        PyObject *found = names ? PyDict_GetItemString(names, method->ml_name) : NULL;
        int is_it = found && (Py_IS_TYPE(found, &PyMethodDescr_Type)
                              || Py_IS_TYPE(found, &PyClassMethodDescr_Type))
            && ((PyMethodDescrObject *)found)->d_method == method;
        Py_XDECREF(names);
        if (is_it) {
            return base->tp_name;
        }
    }
    return NULL;
}

/* The name of the type that defines a method: MyList().append is list's. A class has
   methods of its own, as dict.fromkeys, and those of its metaclass. */
static const char *
owner_of(PyObject *self, PyMethodDef *method)
{
    PyTypeObject *type = PyType_Check(self) ? (PyTypeObject *)self : Py_TYPE(self);
    const char *name = definer_of(type, method);
    if (!name && type == (PyTypeObject *)self) {
        name = definer_of(Py_TYPE(self), method);
    }
    return name ? name : type->tp_name;
}

static PyObject *
c_qualname(PyObject *callable)
{
    if (PyCFunction_Check(callable)) {
        PyObject *self = PyCFunction_GET_SELF(callable);
        PyMethodDef *method = ((PyCFunctionObject *)callable)->m_ml;
        const char *name = method->ml_name;
        if (self && PyModule_Check(self)) {
            const char *module = PyModule_GetName(self);
            PyErr_Clear();
            return PyUnicode_FromFormat("%s.%s", module ? module : "?", name);
        }
        return self ? PyUnicode_FromFormat("%s.%s", owner_of(self, method), name)
                    : PyUnicode_FromString(name);
    }
    PyMethodDescrObject *descr = (PyMethodDescrObject *)callable;
    return PyUnicode_FromFormat("%s.%s", PyDescr_TYPE(descr)->tp_name,
                                descr->d_method->ml_name);
}

static CName *
c_name_slot(CName *table, size_t mask, void *key)
{
    size_t i = (uintptr_t)key / 16 * 0x9E3779B1u & mask;
    while (table[i].key && table[i].key != key) {
        i = (i + 1) & mask;
    }
    return &table[i];
}

static int
grow_c_names(Builder *b)
{
    size_t size = b->c_names ? (b->c_names_mask + 1) * 2 : 256;
    CName *table = calloc(size, sizeof *table);
    if (!table) {
        return -1;
    }
    for (size_t i = 0; b->c_names && i <= b->c_names_mask; i++) {
        if (b->c_names[i].key) {
            *c_name_slot(table, size - 1, b->c_names[i].key) = b->c_names[i];
        }
    }
    free(b->c_names);
    b->c_names = table;
    b->c_names_mask = size - 1;
    return 0;
}

static u32
c_name_index(Builder *b, void *key, PyObject *callable)
{
    if (b->c_names_used * 2 >= b->c_names_mask && grow_c_names(b)) {
        return (u32)-1;
    }
    CName *slot = c_name_slot(b->c_names, b->c_names_mask, key);
    if (!slot->key) {
        PyObject *qualname = c_qualname(callable);
        PyObject *empty = PyUnicode_FromString("");
        u32 index = qualname && empty
            ? name_index(b, empty, qualname, 0, 0, 1) : (u32)-1;
        PyErr_Clear();
        Py_XDECREF(qualname);
        Py_XDECREF(empty);
        *slot = (CName){key, index};
        b->c_names_used++;
    }
    return slot->index;
}

Node *
tree_find_c_child(Builder *b, Thread *t, void *key, PyObject *callable)
{
    u32 index = c_name_index(b, key, callable);
    return index == (u32)-1 ? NULL : child(b, t, key, index, NODE_C);
}

u32
tree_name(Builder *b, u32 kind, PyObject *named)
{
    PyObject *name = NULL, *empty = PyUnicode_FromString("");
    if (PyType_Check(named)) {
        name = PyType_GetQualName((PyTypeObject *)named);
    }
    else if (PyCFunction_Check(named) || Py_IS_TYPE(named, &PyMethodDescr_Type)) {
        name = c_qualname(named);
        kind = 1;
    }
    else {
        name = PyType_GetQualName(Py_TYPE(named));
    }
    u32 index = name && empty ? name_index(b, empty, name, 0, 0, kind) : 0;
    PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(empty);
    return index == (u32)-1 ? 0 : index;
}

/* --- the shadow stack when it does not match --- */

static Entry *
search(Thread *t, void *key, u32 index)
{
    for (Entry *e = t->sp; e > t->bottom; e--) {
        if (e->node->key == key
            || (e->node->code == index && (e->node->flags & NODE_KIND) == NODE_PYTHON)) {
            return e;
        }
    }
    return NULL;
}

static Entry *
search_c(Thread *t, void *key, PyObject *caller)
{
    for (Entry *e = t->sp; e > t->bottom; e--) {
        if (e->node->key == key && e[-1].node->key == caller) {
            return e;
        }
    }
    return NULL;
}

static void
close_down_to(Builder *b, Thread *t, Entry *stop, u64 now)
{
    for (; t->sp > stop; t->open++) {
        if (b->sampled) {
            t->sp--;
        }
        else {
            pop(t, t->sp, now);
        }
    }
}

Entry *
tree_leave_slow(Builder *b, Thread *t, void *key, PyObject *caller)
{
    CodeEntry *entry = caller ? NULL : tree_code(b, key);
    if (!caller && (!entry || entry->ignored)) {
        return NULL;
    }
    if (b->greenlet && !t->greenlet) {
        thread_watch_greenlets(b, t, SEED_ALL);
    }
    Entry *found = caller ? search_c(t, key, caller) : search(t, key, entry->index);
    if (!found) {
        b->header->unmatched += !caller && !t->skipped;
        t->skipped -= t->skipped > 0;
        return NULL;
    }
    /* Entered, and never seen to leave. */
    b->header->repaired += (u64)(t->sp - found);
    close_down_to(b, t, found, clock_ticks());
    return found;
}

Entry *
tree_grow_stack(Builder *b, Thread *t)
{
    size_t depth = (size_t)(t->sp - t->bottom);
    size_t entries = (size_t)(t->limit - t->bottom + 1) * 2;
    Entry *bottom = thread_new_stack(b, entries);
    if (!bottom) {
        b->header->flags |= FLAG_LOST;
        return NULL;
    }
    memcpy(bottom, t->bottom, (depth + 1) * sizeof *bottom);
    /* The ticker may read `sp` at any moment; the old stack stays mapped. */
    t->sp = bottom + depth;
    t->bottom = bottom;
    t->limit = bottom + entries - 1;
    return t->sp;
}

void
tree_close_open(Builder *b, Thread *t, u64 now)
{
    close_down_to(b, t, t->bottom, now);
}

/* --- the whole --- */

int
tree_init(Builder *b)
{
    b->codes = PyDict_New();
    if (!b->codes || add_node_extent(b)) {
        return -1;
    }
    b->header->node_count = 1;  /* node 0 is no node */
    return 0;
}

void
tree_free(Builder *b)
{
    for (u32 id = 1; b->nodes && !b->is_inherited && id < b->header->node_count; id++) {
        free(tree_node(b, id)->table);
    }
    free(b->nodes);
    free(b->code_nodes);
    free(b->c_names);
    b->c_names = NULL;
    b->c_names_used = b->c_names_mask = 0;
    b->nodes = NULL;
    b->code_nodes = NULL;
    b->node_extents = b->code_capacity = 0;
    Py_CLEAR(b->codes);
    Py_CLEAR(b->task_codes);
}
