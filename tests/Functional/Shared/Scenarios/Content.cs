using System.Security.Cryptography;

namespace Sluice.Functional.Scenarios;

/// <summary>The bytes a script sends, which depend on nothing but its seed.</summary>
internal static class Content
{
    public static byte[] Of(Script script)
    {
        byte[] bytes = new byte[script.Bytes];
        new Random(script.Seed).NextBytes(bytes);
        return bytes;
    }

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}
