/* Lets one system call on files below a folder fail, or be the last one of the process.
 *
 * Loaded with LD_PRELOAD. Nothing happens before fault_arm, or where FAULT_FOLDER, FAULT_AT and FAULT_ACTION are set, which do
 * as it does; from then on calls that write below the folder are counted
 * and the one with the given number is where it happens: SIGKILL before the call, SIGKILL in the middle of it (half of the
 * bytes are written), or an error instead of it. If asked for, calls that read are counted instead; of those, all that
 * follow fail as well, as on a disk that is broken.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, KILL_BEFORE, KILL_AMID, FAIL };

static char root[PATH_MAX];
static size_t root_length;
static long counted, chosen;
static int action, error_number, counts_reads, error_is_of_open;

void fault_arm(const char *folder, long at, int what, int error, int reads, int only_open)
{
    strncpy(root, folder, sizeof root - 1);
    root_length = strlen(root);
    chosen = at;
    action = what;
    error_number = error;
    counts_reads = reads;
    error_is_of_open = only_open;
    counted = 0;
}

long fault_count(void) { return counted; }

__attribute__((constructor)) static void arm_by_environment(void)
{
    const char *folder = getenv("FAULT_FOLDER"), *at = getenv("FAULT_AT"), *what = getenv("FAULT_ACTION");
    if (folder && at && what)
        fault_arm(folder, atol(at), atoi(what), EIO, 0, 0);
}

static int is_below(const char *path)
{
    return root_length && path && strncmp(path, root, root_length) == 0;
}

static int fd_is_below(int fd)
{
    char link[64], path[PATH_MAX];
    ssize_t size;
    if (!root_length)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    size = readlink(link, path, sizeof path - 1);
    if (size <= 0)
        return 0;
    path[size] = 0;
    return is_below(path);
}

/* Tells what is to happen now: nothing for all calls but one. */
static int due(int is_read, int is_open)
{
    if (is_read != counts_reads || (error_is_of_open && !is_open))
        return NOTHING;
    counted++;
    return counted == chosen || (is_read && chosen && counted > chosen) ? action : NOTHING;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FATE(what)                                                                                                    \
    switch (what) {                                                                                                    \
    case KILL_BEFORE:                                                                                                  \
    case KILL_AMID:                                                                                                    \
        die();                                                                                                         \
    case FAIL:                                                                                                         \
        errno = error_number;                                                                                          \
        return -1;                                                                                                     \
    }

static int opens(const char *path, int flags)
{
    int is_write = flags & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR);
    return is_below(path) ? due(!is_write, 1) : NOTHING;
}

#define MODE                                                                                                           \
    mode_t mode = 0;                                                                                                   \
    if (flags & O_CREAT) {                                                                                             \
        va_list list;                                                                                                  \
        va_start(list, flags);                                                                                         \
        mode = va_arg(list, mode_t);                                                                                   \
        va_end(list);                                                                                                  \
    }

int open(const char *path, int flags, ...) { MODE FATE(opens(path, flags)) return REAL(open)(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE FATE(opens(path, flags)) return REAL(open64)(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE FATE(opens(path, flags)) return REAL(openat)(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE FATE(opens(path, flags)) return REAL(openat64)(at, path, flags, mode); }
int __open_2(const char *path, int flags) { FATE(opens(path, flags)) return REAL(open)(path, flags); }
int __open64_2(const char *path, int flags) { FATE(opens(path, flags)) return REAL(open64)(path, flags); }

ssize_t write(int fd, const void *data, size_t size)
{
    int what = fd_is_below(fd) ? due(0, 0) : NOTHING;
    if (what == KILL_AMID)
        REAL(write)(fd, data, size / 2);
    FATE(what)
    return REAL(write)(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    int what = fd_is_below(fd) ? due(0, 0) : NOTHING;
    if (what == KILL_AMID)
        REAL(pwrite)(fd, data, size / 2, at);
    FATE(what)
    return REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{
    int what = fd_is_below(fd) ? due(0, 0) : NOTHING;
    if (what == KILL_AMID)
        REAL(pwrite64)(fd, data, size / 2, at);
    FATE(what)
    return REAL(pwrite64)(fd, data, size, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) { FATE(fd_is_below(fd) ? due(0, 0) : NOTHING) return REAL(writev)(fd, parts, count); }
ssize_t read(int fd, void *data, size_t size) { FATE(counts_reads && fd_is_below(fd) ? due(1, 0) : NOTHING) return REAL(read)(fd, data, size); }
ssize_t pread64(int fd, void *data, size_t size, off64_t at) { FATE(counts_reads && fd_is_below(fd) ? due(1, 0) : NOTHING) return REAL(pread64)(fd, data, size, at); }

#define OF_PATH(name, parameters, arguments, path)                                                                     \
    int name parameters { FATE(is_below(path) ? due(0, 0) : NOTHING) return REAL(name) arguments; }
#define OF_FD(name, parameters, arguments)                                                                             \
    int name parameters { FATE(fd_is_below(fd) ? due(0, 0) : NOTHING) return REAL(name) arguments; }

OF_PATH(rename, (const char *from, const char *to), (from, to), to)
OF_PATH(renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), to)
OF_PATH(link, (const char *from, const char *to), (from, to), to)
OF_PATH(linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags), to)
OF_PATH(symlink, (const char *from, const char *to), (from, to), to)
OF_PATH(unlink, (const char *path), (path), path)
OF_PATH(unlinkat, (int at, const char *path, int flags), (at, path, flags), path)
OF_PATH(rmdir, (const char *path), (path), path)
OF_PATH(mkdir, (const char *path, mode_t mode), (path, mode), path)
OF_PATH(mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), path)
OF_PATH(chmod, (const char *path, mode_t mode), (path, mode), path)
OF_PATH(truncate64, (const char *path, off64_t size), (path, size), path)
OF_FD(fsync, (int fd), (fd))
OF_FD(fdatasync, (int fd), (fd))
OF_FD(fchmod, (int fd, mode_t mode), (fd, mode))
OF_FD(ftruncate, (int fd, off_t size), (fd, size))
OF_FD(ftruncate64, (int fd, off64_t size), (fd, size))
