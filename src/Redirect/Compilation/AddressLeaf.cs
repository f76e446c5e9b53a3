using System.Net.Sockets;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>Tests an address of the socket.</summary>
internal readonly record struct AddressLeaf(Field Field, PrefixSet Prefixes)
{
    internal Truth Test(ref Evaluation evaluation)
    {
        MessageContext context = evaluation.Context;
        return Truth.Of(HasAddresses(context)
            && Prefixes.Contains(Field == Field.RemoteAddress ? context.Key.RemoteAddress : context.Key.LocalAddress));
    }

    internal static bool HasAddresses(MessageContext context) => context.Family is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;

    /// <summary>Whether it is an IPv4 address, which is ::ffff:0:0/96 here.</summary>
    internal static bool IsMapped(UInt128 address) => address >> 32 == 0xFFFF;
}
