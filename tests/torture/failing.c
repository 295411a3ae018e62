/* Fails the calls that write below a folder, for a program that is loaded with this by LD_PRELOAD.
 *
 * failing_set(folder, at, on, number, room) begins to count: the call numbered ``at`` (from 1) fails with the errno
 * ``number``, and with ``on`` each after it too; 0 fails none. ``room`` is how many bytes may still be written before
 * the disk is full, -1 for any. failing_count() tells how many calls there were.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char under[PATH_MAX];
static long calls, fail_at, room = -1;
static int fail_on, fail_with;

void failing_set(const char *folder, long at, int on, int number, long bytes) {
    strncpy(under, folder, sizeof under - 1);
    calls = 0;
    fail_at = at;
    fail_on = on;
    fail_with = number;
    room = bytes;
}

long failing_count(void) { return calls; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int inside(int dir, const char *path) {
    char whole[PATH_MAX * 2], link[64];
    ssize_t size;
    if (!under[0] || !path) return 0;
    if (path[0] == '/') return strncmp(path, under, strlen(under)) == 0;
    if (dir == AT_FDCWD) {
        if (!getcwd(whole, PATH_MAX)) return 0;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        size = readlink(link, whole, PATH_MAX);
        if (size < 0) return 0;
        whole[size] = 0;
    }
    strcat(whole, "/");
    strncat(whole, path, PATH_MAX - 1);
    return strncmp(whole, under, strlen(under)) == 0;
}

static int behind(int fd) {
    char whole[PATH_MAX], link[64];
    ssize_t size;
    if (!under[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    size = readlink(link, whole, sizeof whole - 1);
    if (size < 0) return 0;
    whole[size] = 0;
    return strncmp(whole, under, strlen(under)) == 0;
}

static int fails(void) {
    long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (fail_at && (number == fail_at || (fail_on && number > fail_at))) {
        errno = fail_with;
        return 1;
    }
    return 0;
}

/* How many of some bytes there is room for; -1 for none. */
static ssize_t fitting(size_t size) {
    if (room < 0) return (ssize_t)size;
    if (room == 0 && size) {
        errno = ENOSPC;
        return -1;
    }
    if ((long)size > room) size = (size_t)room;
    room -= (long)size;
    return (ssize_t)size;
}

static int writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT; }

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
        if (writes(flags) && inside(AT_FDCWD, path) && fails()) return -1; \
        return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name))(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int dir, const char *path, int flags, ...) { \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
        if (writes(flags) && inside(dir, path) && fails()) return -1; \
        return ((int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, #name))(dir, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *data, size_t size) {
    ssize_t fit = (ssize_t)size;
    if (behind(fd)) {
        if (fails() || (fit = fitting(size)) < 0) return -1;
    }
    return REAL(write)(fd, data, (size_t)fit);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (behind(fd)) {
        size_t size = 0;
        for (int i = 0; i < count; i++) size += parts[i].iov_len;
        if (fails()) return -1;
        if (room >= 0 && (long)size > room) { errno = ENOSPC; return -1; }
        if (room >= 0) room -= (long)size;
    }
    return REAL(writev)(fd, parts, count);
}

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *data, size_t size, offset_type offset) { \
        ssize_t fit = (ssize_t)size; \
        if (behind(fd)) { \
            if (fails() || (fit = fitting(size)) < 0) return -1; \
        } \
        return REAL(name)(fd, data, (size_t)fit, offset); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define BY_FD(type, name, parameters, arguments) \
    type name parameters { \
        if (behind(fd) && fails()) return -1; \
        return REAL(name) arguments; \
    }
BY_FD(int, fsync, (int fd), (fd))
BY_FD(int, fdatasync, (int fd), (fd))
BY_FD(int, ftruncate, (int fd, off_t size), (fd, size))
BY_FD(int, ftruncate64, (int fd, off64_t size), (fd, size))
BY_FD(int, fchmod, (int fd, mode_t mode), (fd, mode))

/* Closing tells of what was written late; the file is closed all the same. */
int close(int fd) {
    int failing = behind(fd) && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY && fails();
    int number = errno, done = REAL(close)(fd);
    if (!failing) return done;
    errno = number;
    return -1;
}

#define BY_PATH(name, parameters, arguments, dir, path) \
    int name parameters { \
        if (inside(dir, path) && fails()) return -1; \
        return REAL(name) arguments; \
    }
BY_PATH(unlink, (const char *path), (path), AT_FDCWD, path)
BY_PATH(unlinkat, (int dir, const char *path, int flags), (dir, path, flags), dir, path)
BY_PATH(mkdir, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
BY_PATH(mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode), dir, path)
BY_PATH(rename, (const char *from, const char *to), (from, to), AT_FDCWD, to)
BY_PATH(renameat, (int from_dir, const char *from, int to_dir, const char *to), (from_dir, from, to_dir, to), to_dir, to)
BY_PATH(chmod, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
