/*
 * What the C side of ring.py's benchmarks shares: options, random positions and the meter. The Java
 * side has the same in Options, Positions and Meter.
 */
#ifndef TORC_BENCH_H
#define TORC_BENCH_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TURNS = 64 }; /* between two looks at the clock */

static inline void fail(const char *what, int error)
{
    fprintf(stderr, "%s: %s\n", what, strerror(error));
    exit(1);
}

/* ---- options: --name value ... */

static inline const char *option(int argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0)
            return argv[i + 1];
    fprintf(stderr, "option is missing: --%s\n", name);
    exit(2);
}

static inline long number(int argc, char **argv, const char *name)
{
    return strtol(option(argc, argv, name), NULL, 10);
}

static inline long nanoseconds(int argc, char **argv, const char *name)
{
    return (long)(strtod(option(argc, argv, name), NULL) * 1e9);
}

/* A list of numbers; returns how many. */
static inline int numbers(int argc, char **argv, const char *name, int **list)
{
    const char *text = option(argc, argv, name);
    int count = 1;
    for (const char *at = text; *at != 0; at++)
        count += *at == ',';
    *list = calloc(count, sizeof **list);
    for (int i = 0; i < count; i++) {
        char *end;
        (*list)[i] = strtol(text, &end, 10);
        text = end + 1;
    }
    return count;
}

/* ---- where to read next: Marsaglia's xorshift64 */

struct positions {
    uint64_t blocks;
    uint64_t state;
};

static inline struct positions positions_of(long file_bytes, long block_bytes)
{
    return (struct positions){file_bytes / block_bytes, 88172645463325252ULL};
}

static inline uint64_t next_block(struct positions *positions)
{
    uint64_t state = positions->state;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    positions->state = state;
    return (state >> 1) % positions->blocks;
}

/* ---- the meter */

/* Goes round the benchmark's loop, and returns how many operations were done. */
typedef long (*run_turns)(void *bench, int turns);

static inline long clock_nanos(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

static inline long run_for(run_turns run, void *bench, long nanos, long *passed)
{
    long start = clock_nanos(CLOCK_MONOTONIC);
    long operations = 0;
    *passed = 0;
    while (*passed < nanos) {
        operations += run(bench, TURNS);
        *passed = clock_nanos(CLOCK_MONOTONIC) - start;
    }
    return operations;
}

/* Warms up and measures as the options say, and prints what Main prints. */
static inline void measure(int argc, char **argv, run_turns run, void *bench, unsigned setup_flags,
                           unsigned entries, unsigned completion_entries)
{
    long passed;
    run_for(run, bench, nanoseconds(argc, argv, "warm-up"), &passed);
    long cpu = clock_nanos(CLOCK_THREAD_CPUTIME_ID);
    long operations = run_for(run, bench, nanoseconds(argc, argv, "seconds"), &passed);
    cpu = clock_nanos(CLOCK_THREAD_CPUTIME_ID) - cpu;
    printf("{\"operations\": %ld, \"nanos\": %ld, \"cpu_nanos\": %ld, \"allocated_bytes\": 0, "
           "\"setup_flags\": %u, \"entries\": %u, \"completion_entries\": %u}\n",
           operations, passed, cpu, setup_flags, entries, completion_entries);
}

#endif
