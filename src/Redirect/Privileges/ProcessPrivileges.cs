using System.Collections.Immutable;
using System.Numerics;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Privileges;

/// <summary>
/// Gives up what the process may do beyond what it needs. There is no way back. The kernel keeps rights for each thread, so this
/// belongs to the beginning, while the calling thread and the runtime's finalizer thread are all there are; threads that come later begin
/// with what is left. A runtime that compiles as it runs has further threads, which keep what they had: <see cref="ThreadsLeft"/>.
/// </summary>
public sealed record ProcessPrivileges
{
    private ProcessPrivileges()
    {
    }

    /// <summary>Nothing was given up.</summary>
    public static ProcessPrivileges Untouched { get; } = new();

    /// <summary>The capabilities that are left, by the names of capabilities(7).</summary>
    public ImmutableArray<string> Kept { get; private init; } = [];

    /// <summary>Those that something here may ask for and that were given up.</summary>
    public ImmutableArray<string> GivenUp { get; private init; } = [];

    /// <summary>How many capabilities were given up, of all that the kernel has.</summary>
    public int GivenUpCount { get; private init; }

    /// <summary>Whom the process runs as since then; null where that was not changed.</summary>
    public string? User { get; private init; }

    /// <summary>Threads of the process that may do more than this one.</summary>
    public int ThreadsLeft { get; private init; }

    /// <summary>Why it could not be done, in words: not to go on then is safest. Null where it was done.</summary>
    public string? Trouble { get; private init; }

    /// <summary>Which of the capabilities that something here may ask for this thread has, by name.</summary>
    public static ImmutableArray<string> Held() => ThreadRights.Read(out CapabilitySets sets) < 0 ? [] : CapabilityNames.In(sets.Permitted);

    /// <summary>Gives up all but some capabilities, and root where a user is named.</summary>
    /// <param name="keep">Names of capabilities(7); those that the process does not have are left out.</param>
    /// <param name="user">A user or its number, and after a colon a group or its number; null: the user stays.</param>
    public static ProcessPrivileges GiveUp(ImmutableArray<string> keep, string? user)
    {
        if (ThreadRights.Read(out CapabilitySets before) < 0)
            return Untouched; // a kernel that knows none of this
        if (user is not null && Become(user) is { } trouble)
            return new ProcessPrivileges { Trouble = trouble };

        ulong kept = CapabilityNames.SetOf(keep) & before.Permitted, gone = before.Permitted & ~kept;
        int result = OnBothThreads(() => ThreadRights.GiveUp(kept));
        return new ProcessPrivileges
        {
            Kept = CapabilityNames.In(kept),
            GivenUp = CapabilityNames.In(gone),
            GivenUpCount = BitOperations.PopCount(gone),
            User = user,
            ThreadsLeft = ThreadStatus.WithMoreThan(kept),
            Trouble = result < 0 ? $"capabilities cannot be given up: {(Errno)(-result)}" : null,
        };
    }

    private static string? Become(string user)
    {
        if (Account.Find(user, out Account? account) is { } missing)
            return $"runtime.user: {missing}";
        int result = OnBothThreads(ThreadRights.KeepPermitted);
        if (result >= 0)
            result = account!.Become();
        return result < 0
            ? $"runtime.user: {user} cannot be taken on: {(Errno)(-result)}; start as root, or with CAP_SETUID and CAP_SETGID, or leave the key out"
            : null;
    }

    private static int OnBothThreads(Func<int> action)
    {
        int there = -(int)Errno.EAGAIN, here = action();
        FinalizerErrand.Run(() => there = action());
        return Math.Min(here, there);
    }
}
