using System.Net.Sockets;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>Tests a number that is no part of the message's bytes.</summary>
internal readonly struct FieldLeaf(NumberTest test)
{
    private readonly Field _field = test.Field;
    private readonly ValueTest _values = new(test.Values);

    internal Truth Test(ref Evaluation evaluation)
    {
        long value = Read(ref evaluation);
        return Truth.Of(value >= 0 && _values.Contains((ulong)value));
    }

    // Below 0: absent.
    private long Read(ref Evaluation evaluation)
    {
        MessageContext context = evaluation.Context;
        return _field switch
        {
            Field.RemotePort => AddressLeaf.HasAddresses(context) ? context.Key.RemotePort : -1,
            Field.LocalPort => AddressLeaf.HasAddresses(context) ? context.Key.LocalPort : -1,
            Field.Family => FamilyOf(context),
            Field.Direction => (long)context.Side,
            Field.MessageLength => evaluation.Length,
            _ => evaluation.StreamOffset,
        };
    }

    private static long FamilyOf(MessageContext context) => context.Family switch
    {
        AddressFamily.Unix => (long)AddressFamilyNumber.Unix,
        AddressFamily.InterNetwork => (long)AddressFamilyNumber.IPv4,
        AddressFamily.InterNetworkV6 => (long)(AddressLeaf.IsMapped(context.Key.RemoteAddress) ? AddressFamilyNumber.IPv4 : AddressFamilyNumber.IPv6),
        _ => -1,
    };
}
