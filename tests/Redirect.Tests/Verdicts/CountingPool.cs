using System.Buffers;

namespace Sluice.Redirect.Tests.Verdicts;

/// <summary>A pool that knows how many of its arrays are out.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    public int Outstanding { get; private set; }

    public override byte[] Rent(int minimumLength)
    {
        Outstanding++;
        return Shared.Rent(minimumLength);
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        Outstanding--;
        array.AsSpan().Fill(0xDD); // whoever still reads it finds out
        Shared.Return(array);
    }
}
