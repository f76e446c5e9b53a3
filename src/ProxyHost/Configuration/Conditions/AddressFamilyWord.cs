using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>The words of <c>family</c>, each with the number it stands for.</summary>
internal enum AddressFamilyWord : ulong
{
    IPv4 = AddressFamilyNumber.IPv4,
    IPv6 = AddressFamilyNumber.IPv6,
    Unix = AddressFamilyNumber.Unix,
}
