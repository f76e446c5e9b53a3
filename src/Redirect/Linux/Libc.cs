using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// The C library's system call wrappers, as they are. They return -1 and leave errno behind, which
/// <see cref="Syscall"/> turns into the kernel's own convention (a result, or minus an errno).
/// </summary>
internal static unsafe partial class Libc
{
    private const string Name = "libc";

    [LibraryImport(Name)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport(Name)]
    internal static partial int epoll_ctl(int epfd, int op, int fd, void* epollEvent);

    [LibraryImport(Name)]
    internal static partial int epoll_wait(int epfd, void* events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport(Name)]
    internal static partial int eventfd(uint initial, int flags);

    [LibraryImport(Name)]
    internal static partial nint read(int fd, void* buffer, nint length);

    [LibraryImport(Name)]
    internal static partial nint write(int fd, void* buffer, nint length);

    [LibraryImport(Name)]
    internal static partial int close(int fd);

    [LibraryImport(Name)]
    internal static partial int dup3(int from, int to, int flags);

    [LibraryImport(Name)]
    internal static partial int fcntl(int fd, int command, nint argument);

    [LibraryImport(Name)]
    internal static partial int ioctl(int fd, nuint request, int* value);

    [LibraryImport(Name)]
    internal static partial int socket(int family, int type, int protocol);

    [LibraryImport(Name)]
    internal static partial int bind(int fd, void* address, uint length);

    [LibraryImport(Name)]
    internal static partial int listen(int fd, int backlog);

    [LibraryImport(Name)]
    internal static partial int accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(Name)]
    internal static partial int connect(int fd, void* address, uint length);

    [LibraryImport(Name)]
    internal static partial int getsockname(int fd, void* address, uint* length);

    [LibraryImport(Name)]
    internal static partial int getpeername(int fd, void* address, uint* length);

    [LibraryImport(Name)]
    internal static partial int getsockopt(int fd, int level, int option, void* value, uint* length);

    [LibraryImport(Name)]
    internal static partial int setsockopt(int fd, int level, int option, void* value, uint length);

    [LibraryImport(Name)]
    internal static partial nint recv(int fd, void* buffer, nint length, int flags);

    [LibraryImport(Name)]
    internal static partial nint send(int fd, void* buffer, nint length, int flags);

    [LibraryImport(Name)]
    internal static partial nint sendmsg(int fd, void* message, int flags);

    [LibraryImport(Name)]
    internal static partial nint recvmsg(int fd, void* message, int flags);

    [LibraryImport(Name)]
    internal static partial uint geteuid();

    [LibraryImport(Name)]
    internal static partial int shutdown(int fd, int how);

    [LibraryImport(Name)]
    internal static partial int pipe2(int* fds, int flags);

    [LibraryImport(Name)]
    internal static partial nint splice(int fromFd, long* fromOffset, int toFd, long* toOffset, nint length, uint flags);

    [LibraryImport(Name)]
    internal static partial nint syscall(nint number, nint first, void* second, nint third);

    [LibraryImport(Name)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport(Name)]
    internal static partial int munmap(void* address, nuint length);

    [LibraryImport(Name)]
    internal static partial int madvise(void* address, nuint length, int advice);

    [LibraryImport(Name)]
    internal static partial int capget(void* header, void* data);

    [LibraryImport(Name)]
    internal static partial int capset(void* header, void* data);

    [LibraryImport(Name)]
    internal static partial int prctl(int option, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport(Name)]
    internal static partial int setgroups(nuint count, uint* groups);

    [LibraryImport(Name)]
    internal static partial int initgroups(byte* user, uint group);

    [LibraryImport(Name)]
    internal static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport(Name)]
    internal static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport(Name)]
    internal static partial int getpwnam_r(byte* name, byte* entry, byte* buffer, nuint size, byte** found);

    [LibraryImport(Name)]
    internal static partial int getpwuid_r(uint user, byte* entry, byte* buffer, nuint size, byte** found);

    [LibraryImport(Name)]
    internal static partial int getgrnam_r(byte* name, byte* entry, byte* buffer, nuint size, byte** found);

    [LibraryImport(Name)]
    internal static partial int clock_gettime(int clock, long* time);
}
