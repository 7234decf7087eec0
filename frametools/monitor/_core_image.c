#define _GNU_SOURCE
#include "_core_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

enum { EXTENT_MAGIC = 0x58544E45, PAD = sizeof(ExtentHead), META_SIZE = 1 << 16 };

static size_t
round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

/* The blocks are taken now: a write to a map without blocks would be SIGBUS. */
static int
reserve(int fd, u64 offset, size_t length)
{
#ifdef __APPLE__
    (void)offset;
    return ftruncate(fd, (off_t)(offset + length)) ? errno : 0;
#else
    return posix_fallocate(fd, (off_t)offset, (off_t)length);
#endif
}

static void *
map_file(int fd, u64 offset, size_t length)
{
    int error = reserve(fd, offset, length);
    if (error) {
        errno = error;
        return MAP_FAILED;
    }
    return mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                (off_t)offset);
}

static void *
map_memory(size_t length)
{
    return mmap(NULL, length, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* The file is opened anew for each growth: a program may close any descriptor
   (os.closerange) and get its number for a file of its own. */
static int
reopen(Image *image)
{
    struct stat st;
    int fd = open(image->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return -1;
    }
    if (fstat(fd, &st) || st.st_dev != image->device || st.st_ino != image->inode) {
        close(fd);
        errno = ESTALE;
        return -1;
    }
    return fd;
}

static void *
map_next(Image *image, size_t length, int *in_file)
{
    *in_file = 0;
    if (image->path && !image->disk_error) {
        int fd = reopen(image);
        void *map = fd < 0 ? MAP_FAILED : map_file(fd, image->file_size, length);
        if (map == MAP_FAILED) {
            image->disk_error = errno ? errno : EIO;
            image->header->flags |= FLAG_LOST;
        }
        if (fd >= 0) {
            close(fd);
        }
        if (map != MAP_FAILED) {
            *in_file = 1;
            return map;
        }
    }
    return map_memory(length);
}

static int
create(Image *image, const char *path)
{
    struct stat st;
    size_t length = strlen(path) + 32;
    char *temp = malloc(length);
    if (!temp || !(image->path = strdup(path))) {
        free(temp);
        errno = ENOMEM;
        return -1;
    }
    /* Made under another name first: if it fails, an old file is not lost. */
    snprintf(temp, length, "%s.%ld.new", path, (long)getpid());
    int fd = open(temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 || fstat(fd, &st)) {
        free(temp);
        return -1;
    }
    image->device = st.st_dev;
    image->inode = st.st_ino;
    void *map = map_file(fd, 0, HEADER_SIZE);
    if (map == MAP_FAILED || rename(temp, path)) {
        int error = errno;
        unlink(temp);
        close(fd);
        free(temp);
        errno = error;
        return -1;
    }
    close(fd);
    free(temp);
    image->header = map;
    return 0;
}

int
image_open(Image *image, const char *path, u32 parent_pid)
{
    memset(image, 0, sizeof *image);
    if (path) {
        if (create(image, path)) {
            free(image->path);
            image->path = NULL;
            return -1;
        }
    }
    else {
        void *map = map_memory(HEADER_SIZE);
        if (map == MAP_FAILED) {
            return -1;
        }
        image->header = map;
    }
    image->file_size = image->total = HEADER_SIZE;
    Header *h = image->header;
    memcpy(h->magic, "\x89" "FRAMES\n", 8);
    h->byte_order = 0x01020304;
    h->version = 1;
    h->size = HEADER_SIZE;
    h->pid = (u32)getpid();
    h->parent_pid = parent_pid;
    return 0;
}

void
image_close(Image *image)
{
    for (Extent *e = image->first, *next; e; e = next) {
        next = e->next;
        munmap(e->map, e->map_length);
        free(e);
    }
    if (image->header) {
        munmap(image->header, HEADER_SIZE);
    }
    free(image->path);
    memset(image, 0, sizeof *image);
}

Extent *
image_extent(Image *image, u32 kind, size_t bytes, u32 owner)
{
    Extent *e = calloc(1, sizeof *e);
    if (!e) {
        return NULL;
    }
    e->map_length = round_up(bytes + 3 * PAD, 4096);
    e->map = map_next(image, e->map_length, &e->in_file);
    if (e->map == MAP_FAILED) {
        image->header->flags |= FLAG_LOST;
        free(e);
        return NULL;
    }
    ExtentHead *pad = (ExtentHead *)e->map;
    e->head = pad + 1;
    e->data = e->map + 2 * PAD;
    e->capacity = bytes;
    *e->head = (ExtentHead){EXTENT_MAGIC, kind, PAD + bytes,
                            (u64)(uintptr_t)e->data, owner, ++image->sequence};
    *pad = (ExtentHead){EXTENT_MAGIC, EXTENT_FREE, PAD, 0, 0, 0};
    *(ExtentHead *)(e->data + bytes) = (ExtentHead){
        EXTENT_MAGIC, EXTENT_FREE, e->map_length - 2 * PAD - bytes, 0, 0, 0};
    if (image->last) {
        image->last->next = e;
    }
    else {
        image->first = e;
    }
    image->last = e;
    image->total += e->map_length;
    if (e->in_file) {
        image->file_size += e->map_length;
        image->header->size = image->file_size;
    }
    return e;
}

static Extent *
meta_extent(Image *image, size_t need)
{
    Extent *e = image->meta;
    if (!e || e->capacity - e->used < need) {
        e = image_extent(image, EXTENT_META, need > META_SIZE ? need : META_SIZE, 0);
        image->meta = e ? e : image->meta;
    }
    return e;
}

int
image_meta(Image *image, u32 kind, const void *head, size_t head_length,
           const void *body, size_t body_length)
{
    size_t length = head_length + body_length, need = 8 + round_up(length, 8);
    Extent *e = meta_extent(image, need);
    if (!e) {
        return -1;
    }
    char *at = e->data + e->used;
    u32 length32 = (u32)length;
    memcpy(at + 8, head, head_length);
    memcpy(at + 8 + head_length, body, body_length);
    memcpy(at + 4, &length32, 4);
    /* The kind comes last: a reader stops at kind 0. */
    __atomic_store_n((u32 *)at, kind, __ATOMIC_RELEASE);
    e->used += need;
    return 0;
}

/* --- writing it whole --- */

static size_t
used_bytes(Extent *e, u64 *nodes, u64 *threads)
{
    u64 *left = e->head->kind == EXTENT_NODES ? nodes : threads;
    size_t record = e->head->kind == EXTENT_NODES ? 128 : 256;
    switch (e->head->kind) {
    case EXTENT_NODES:
    case EXTENT_THREADS: {
        size_t fit = e->capacity / record, n = *left < fit ? *left : fit;
        *left -= n;
        return n * record;
    }
    case EXTENT_META:
        return e->used;
    case EXTENT_EVENTS: {
        size_t n = 0;
        while (n + 16 <= e->capacity && *(u64 *)(e->data + n)) {
            n += 16;
        }
        return n;
    }
    default:
        return e->capacity;
    }
}

int
image_write(Image *image, int finished, image_put put, void *to)
{
    char page[HEADER_SIZE] = {0};
    Header header = *image->header;
    int result = 0;
    for (int pass = 0; pass < 2 && !result; pass++) {
        u64 nodes = header.node_count, threads = header.thread_count;
        u64 size = HEADER_SIZE;
        for (Extent *e = image->first; e && !result; e = e->next) {
            size_t n = used_bytes(e, &nodes, &threads);
            if (e->head->kind == EXTENT_FREE
                || (finished && (!n || e->head->kind == EXTENT_STACK))) {
                continue;
            }
            size += PAD + n;
            if (pass == 0) {
                continue;
            }
            ExtentHead head = *e->head;
            head.length = PAD + n;
            head.base = finished ? 0 : head.base;
            result = put(to, &head, sizeof head);
            if (!result && n) {
                result = put(to, e->data, n);
            }
        }
        if (pass == 0) {
            header.size = size;
            header.flags |= finished ? FLAG_FINISHED : 0;
            header.flags &= ~(u32)(image->disk_error ? FLAG_LOST : 0);
            memcpy(page, &header, sizeof header);
            result = put(to, page, HEADER_SIZE);
        }
    }
    return result;
}

static int
put_file(void *to, const void *bytes, size_t length)
{
    return fwrite(bytes, 1, length, to) == length ? 0 : -1;
}

int
image_finish(Image *image)
{
    size_t length = strlen(image->path) + 32;
    char *temp = malloc(length);
    if (!temp) {
        errno = ENOMEM;
        return -1;
    }
    snprintf(temp, length, "%s.%ld.done", image->path, (long)getpid());
    unlink(temp);  /* of an earlier try of this very process */
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
    int failed = !file || image_write(image, 1, put_file, file);
    int error = failed ? (errno ? errno : EIO) : 0;
    if (file && fclose(file) && !error) {
        error = errno;
    }
    if (!error && rename(temp, image->path)) {
        error = errno;
    }
    if (error && file) {
        unlink(temp);
    }
    free(temp);
    errno = error;
    return error ? -1 : 0;
}
