using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>What <see cref="LoopbackProgram"/> keeps of its one stream, in memory that it shares with the test.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LoopbackState
{
    public const int MostRuns = 1024;

    public const int OfWindow = 0;
    public const int OfStreamOffset = 8;
    public const int OfRuns = 16;
    public const int OfHandedOver = 24;
    public const int OfFailed = 32;
    public const int OfLog = 40;

    public ulong Window;
    /// <summary>Bytes that were passed or dropped.</summary>
    public ulong StreamOffset;
    /// <summary>How often the program has judged.</summary>
    public ulong Runs;
    /// <summary>Bytes that were handed over; from the first on all are.</summary>
    public ulong HandedOver;
    /// <summary>Redirects that failed.</summary>
    public ulong Failed;
    /// <summary>Of each run the length of the message.</summary>
    public Lengths Log;

    [InlineArray(MostRuns)]
    public struct Lengths
    {
        private ulong _first;
    }
}
