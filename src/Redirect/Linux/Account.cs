using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Redirect.Linux;

/// <summary>A user to run as, and the group that goes with it.</summary>
/// <param name="User">The user's number.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Name">What the system's databases call the user; null where they do not know the number.</param>
internal sealed unsafe record Account(uint User, uint Group, string? Name)
{
    private const int ResultTooLarge = 34; // ERANGE
    private const int FirstBuffer = 4 << 10, LargestBuffer = 1 << 20;

    private delegate int Lookup(byte* key, byte* entry, byte* buffer, nuint size, byte** found);

    /// <summary>Finds what a text names: a user or its number, and after a colon a group or its number.</summary>
    /// <param name="text">Such as <c>sluice</c>, <c>1654</c> or <c>sluice:proxies</c>.</param>
    /// <param name="account">Null where there is no such user or group.</param>
    /// <returns>What is missing, in words; null where nothing is.</returns>
    internal static string? Find(string text, out Account? account)
    {
        account = null;
        string[] parts = text.Split(':');
        string user = parts[0];
        bool isNumber = IsNumber(user, out uint id);
        Account? known = isNumber ? Entry(user, (key, entry, buffer, size, found) => Libc.getpwuid_r(id, entry, buffer, size, found))
            : Entry(user, Libc.getpwnam_r);
        if (known is null && !isNumber)
            return $"this system knows no user `{user}`";
        if (parts.Length == 1)
        {
            account = known;
            return known is null ? $"this system knows no user {user}, so the group has to be given: {user}:GROUP" : null;
        }

        if (!IsNumber(parts[1], out uint group) && !TryGroup(parts[1], out group))
            return $"this system knows no group `{parts[1]}`";
        account = new Account(known?.User ?? id, group, known?.Name);
        return null;
    }

    /// <summary>
    /// All threads of the process run as it from now on, with the groups it belongs to: the C library tells each thread.
    /// Minus an errno, with everything or a part as it was.
    /// </summary>
    internal int Become()
    {
        if (Libc.geteuid() == User)
            return 0; // its supervisor has seen to it, groups included

        fixed (byte* name = Zeroed(Name ?? ""))
        {
            int result = Syscall.Check(Name is null ? Libc.setgroups(0, null) : Libc.initgroups(name, Group));
            if (result >= 0)
                result = Syscall.Check(Libc.setresgid(Group, Group, Group));
            return result < 0 ? result : Syscall.Check(Libc.setresuid(User, User, User));
        }
    }

    // struct passwd: name and password, which are pointers, then the two numbers.
    private static Account? Entry(string key, Lookup lookup)
    {
        Account? account = null;
        _ = TryAsk(key, lookup, entry =>
        {
            uint* numbers = (uint*)(entry + (2 * sizeof(nint)));
            account = new Account(numbers[0], numbers[1], Marshal.PtrToStringUTF8(*(nint*)entry));
        });
        return account;
    }

    // struct group: name and password, then the number.
    private static bool TryGroup(string name, out uint group)
    {
        uint number = 0;
        bool found = TryAsk(name, Libc.getgrnam_r, entry => number = *(uint*)(entry + (2 * sizeof(nint))));
        group = number;
        return found;
    }

    private delegate void Reader(byte* entry);

    private static bool TryAsk(string key, Lookup lookup, Reader read)
    {
        byte* entry = stackalloc byte[16 * sizeof(nint)]; // larger than either struct
        for (int size = FirstBuffer; size <= LargestBuffer; size *= 2)
        {
            fixed (byte* name = Zeroed(key))
            fixed (byte* buffer = new byte[size])
            {
                byte* found = null;
                int errno = lookup(name, entry, buffer, (nuint)size, &found);
                if (errno == ResultTooLarge)
                    continue;
                if (found is not null)
                    read(found);
                return found is not null;
            }
        }

        return false;
    }

    private static bool IsNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static byte[] Zeroed(string text) => Encoding.UTF8.GetBytes(text + "\0");
}
