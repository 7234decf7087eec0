/* One thread beside the program, without the GIL: ten times a second it notes
   the time in the header, so that a killed process shows how long it ran; with
   sampled times it charges each two milliseconds to the innermost frames. */
#define _GNU_SOURCE
#include "_core_tree.h"

#include <signal.h>

#ifdef __APPLE__  /* has no pthread_condattr_setclock */
#define WAIT_CLOCK CLOCK_REALTIME
#else
#define WAIT_CLOCK CLOCK_MONOTONIC
#endif

enum { HEARTBEAT_NS = 100000000, SAMPLE_NS = 2000000 };

/* Ticks until `now` that the thread has not run since the last sync that found some. */
static u64
new_off(Thread *t, u64 now, u64 cpu)
{
    u64 ran = cpu > t->sync_cpu
        ? (u64)((double)(cpu - t->sync_cpu) / clock_ns_per_tick) : 0;
    u64 passed = now - t->sync_ticks;
    return now > t->sync_ticks && passed > ran ? passed - ran : 0;
}

static void
add_off(Thread *t, u64 now, u64 cpu)
{
    u64 off = new_off(t, now, cpu);
    if (off) {
        t->off += off;
        t->sync_ticks = now;
        t->sync_cpu = cpu;
    }
}

/* A call's wall time ends at `now`, and so does what it has not run: a busy machine
   takes the CPU away within the system call that asks for CPU time, too. */
void
sync_cpu(Thread *t, u64 now)
{
    add_off(t, now, clock_read(CLOCK_THREAD_CPUTIME_ID));
    t->quiet_off = 0;
    Builder *b = t->builder;
    b->header->tick_now = now;
    if (!b->ticker_on) {
        clock_refine();
        if (UNLIKELY(b->ticker_wanted)) {
            ticker_restart(b);
        }
    }
}

/* By its kernel id, which fails once the thread has ended, where
   pthread_getcpuclockid would be undefined. */
u64
cpu_of(Thread *t)
{
#ifdef __linux__
    struct timespec ts;
    clockid_t id = (clockid_t)(~(unsigned)t->native_id << 3 | 6);
    if (clock_gettime(id, &ts) == 0) {
        return (u64)ts.tv_sec * 1000000000u + (u64)ts.tv_nsec;
    }
#else
    (void)t;
#endif
    return 0;
}

void
sync_other(Thread *t, u64 now)
{
    u64 cpu = cpu_of(t);
    if (cpu) {
        add_off(t, now, cpu);
    }
}

static void
sample(Builder *b, u64 ticks)
{
    for (Thread *t = __atomic_load_n(&b->all, __ATOMIC_ACQUIRE); t; t = t->next) {
        Entry *sp = __atomic_load_n(&t->sp, __ATOMIC_ACQUIRE);
        if (t->ended || !sp) {
            continue;
        }
        Node *node = __atomic_load_n(&sp->node, __ATOMIC_RELAXED);
        u64 cpu_ns = cpu_of(t);
        u64 cpu = cpu_ns > t->sync_cpu
            ? (u64)((double)(cpu_ns - t->sync_cpu) / clock_ns_per_tick) : 0;
        t->sync_cpu = cpu_ns ? cpu_ns : t->sync_cpu;
        node->wall += ticks;
        node->off += cpu < ticks ? ticks - cpu : 0;
    }
}

/* A file that a kill leaves behind must not show a waiting thread as busy. */
static void
sync_waiting(Builder *b, u64 now)
{
    enum { QUIET = 2500 };  /* gaps of 20 us */
    for (Thread *t = __atomic_load_n(&b->all, __ATOMIC_ACQUIRE); t; t = t->next) {
        if (t->ended || now - t->last <= QUIET * clock_gap) {
            continue;
        }
        u64 cpu = cpu_of(t);
        if (cpu) {
            t->quiet_off = t->off + new_off(t, now, cpu);
        }
    }
}

static void
tick(Builder *b, u64 now, u64 last)
{
    if (b->sampled) {
        sample(b, now - last);
    }
    else {
        sync_waiting(b, now);
    }
    clock_refine();
    b->header->ns_per_tick = clock_ns_per_tick;
    b->header->tick_now = now;
    b->header->cpu_now_ns = clock_read(CLOCK_PROCESS_CPUTIME_ID);
}

static void
wait_for(Builder *b, u64 until_ns)
{
    struct timespec ts = {(time_t)(until_ns / 1000000000u),
                          (long)(until_ns % 1000000000u)};
    pthread_cond_timedwait(&b->ticker_wake, &b->ticker_lock, &ts);
}

static void *
run(void *arg)
{
    Builder *b = arg;
    u64 period = b->sampled ? SAMPLE_NS : HEARTBEAT_NS;
    u64 next = clock_read(WAIT_CLOCK), last = clock_ticks();
    pthread_mutex_lock(&b->ticker_lock);
    while (!b->ticker_stop) {
        u64 now_ns = clock_read(WAIT_CLOCK);
        next = next + period > now_ns ? next + period : now_ns + period;
        wait_for(b, next);
        u64 now = clock_ticks();
        tick(b, now, last);
        last = now;
    }
    pthread_mutex_unlock(&b->ticker_lock);
    return NULL;
}

void
ticker_start(Builder *b)
{
    sigset_t all, old;
    pthread_condattr_t attributes;
    b->ticker_wanted = 0;  /* a failure is not tried again */
    if (b->ticker_on) {
        return;
    }
    pthread_condattr_init(&attributes);
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    pthread_cond_init(&b->ticker_wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&b->ticker_lock, NULL);
    b->ticker_stop = 0;
    /* The program's signals are for the program's threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    b->ticker_on = pthread_create(&b->ticker, NULL, run, b) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* os.fork() counts the threads after the hooks of the parent have run (3.13), and
   these hooks have events: it must still find one. */
void
ticker_restart(Builder *b)
{
    enum { AFTER = 250 };  /* gaps of 20 us */
    if (clock_ticks() - b->forked > AFTER * clock_gap) {
        ticker_start(b);
    }
}

void
ticker_stop(Builder *b)
{
    if (!b->ticker_on) {
        return;
    }
    pthread_mutex_lock(&b->ticker_lock);
    b->ticker_stop = 1;
    pthread_cond_signal(&b->ticker_wake);
    pthread_mutex_unlock(&b->ticker_lock);
    pthread_join(b->ticker, NULL);
    pthread_cond_destroy(&b->ticker_wake);
    pthread_mutex_destroy(&b->ticker_lock);
    b->ticker_on = 0;
    b->ticker_wanted = 1;
}
