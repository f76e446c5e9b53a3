using CsCheck;

namespace Sluice.Redirect.Tests.Rules.Tls;

/// <summary>Random hellos, most of them valid, and random ways to divide them.</summary>
internal static class HelloGen
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 40];

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.OneOf("www.example.com", "a", "EXAMPLE.org.", "x\0y", new string('n', 255)),
        Gen.String[Gen.Char['\0', '\u00ff'], 0, 60]);

    private static readonly Gen<byte[]> Extension = Gen.Frequency(
        (3, Name.Select(Hello.Sni)),
        (3, Name.Array[0, 5].Select(Hello.Alpn)),
        (1, Gen.Select(Gen.Byte[0, 2], Bytes).Array[0, 3].Select(Hello.SniList)),
        (1, Gen.Select(Gen.OneOf(0, 16), Bytes, Hello.Extension)),
        (6, Gen.Select(Gen.OneOf(Gen.Int[0, 60], Gen.OneOf(Hello.GreaseType, 0xFE0D, 0xFFFF)), Bytes, Hello.Extension)));

    // Now and then one that the format does not allow.
    private static readonly Gen<byte[]> Suites = Gen.Frequency((9, Gen.Byte.Array[2, 40].Select(s => s[..(s.Length & ~1)])), (1, Gen.Byte.Array[0, 3]));

    public static Gen<Hello> Any { get; } = Gen.Select(
        Gen.UShort, Gen.Byte.Array[0, 33], Suites, Gen.Byte.Array[0, 3], Extension.Array[0, 6].Null(),
        (version, session, suites, methods, extensions) => new Hello
        {
            Version = version, SessionId = session, Suites = suites, Methods = methods.Length == 0 ? [0] : methods, Extensions = extensions,
        });

    /// <summary>Lengths of records: small ones so that every field is cut, and empty ones.</summary>
    public static Gen<int[]> Lengths { get; } = Gen.OneOf(Gen.Int[0, 5].Array[1, 8], Gen.Int[1, 200].Array[1, 4], Gen.Const<int[]>([1]), Gen.Const<int[]>([]));
}
