/* The data file of docs/data-file.md: extents in a shared memory map.

   Everything the builder keeps lives in extents. With a path they are parts of
   one file, so what was written survives os._exit, SIGKILL and crashes; without
   one, or once the disk is full, they are anonymous memory of the same form. */
#ifndef FRAMETOOLS_CORE_IMAGE_H
#define FRAMETOOLS_CORE_IMAGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef uint64_t u64;
typedef uint32_t u32;

enum { FLAG_FINISHED = 1, FLAG_SAMPLED = 2, FLAG_C_CALLS = 4, FLAG_RECORD = 8,
       FLAG_LOST = 32, FLAG_CUT_EARLY = 64, FLAG_CUT_LATE = 128 };

typedef struct {
    char magic[8];
    u32 byte_order, version;
    u64 size;
    u32 pid, flags;
    double ns_per_tick;
    u64 tick_start, tick_now, start_unix_ns, cpu_start_ns, cpu_now_ns;
    u64 unmatched, repaired, node_count, code_count, thread_count, dropped;
    double cost_inside, cost_outside, cost_c_inside, cost_c_outside;
    u32 parent_pid, pad;
} Header;

enum { HEADER_SIZE = 4096 };
enum { EXTENT_FREE, EXTENT_NODES, EXTENT_META, EXTENT_THREADS, EXTENT_STACK,
       EXTENT_EVENTS };

typedef struct {
    u32 magic, kind;
    u64 length, base;
    u32 owner, sequence;
} ExtentHead;

typedef struct Extent {
    struct Extent *next;
    char *map;         /* page aligned; begins with an empty FREE extent ... */
    size_t map_length;
    ExtentHead *head;  /* ... so that `data` is aligned to a cache line */
    char *data;
    size_t capacity;   /* bytes of data */
    size_t used;       /* set for META; other kinds know their own */
    int in_file;
} Extent;

typedef struct {
    char *path;        /* NULL: memory only */
    dev_t device;
    ino_t inode;
    Header *header;
    Extent *first, *last, *meta;
    u64 file_size;     /* bytes of the file taken by mappings */
    u64 total;         /* bytes of all mappings, in the file or not */
    u32 sequence;
    int disk_error;    /* errno that ended the writing to the file */
} Image;

enum { META_CODE = 1, META_INFO = 2, META_EXCEPTIONS = 3, META_TASK = 5 };

/* 0, or -1 with errno set. `path` is created, or replaced. */
int image_open(Image *image, const char *path, u32 parent_pid);
/* Unmaps everything; a live file stays as it is. */
void image_close(Image *image);
/* A zeroed extent of `bytes` (a multiple of 8), or NULL: memory ran out too. */
Extent *image_extent(Image *image, u32 kind, size_t bytes, u32 owner);
/* Appends a META record of two parts; 0, or -1. */
int image_meta(Image *image, u32 kind, const void *head, size_t head_length,
               const void *body, size_t body_length);
/* Writes the image, compacted, through `put`; 0, or what `put` returned. */
typedef int (*image_put)(void *to, const void *bytes, size_t length);
int image_write(Image *image, int finished, image_put put, void *to);
/* Replaces the live file by the finished, compact one; 0, or -1 with errno. */
int image_finish(Image *image);

#endif
