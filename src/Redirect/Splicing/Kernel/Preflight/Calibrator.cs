using System.Net;
using Sluice.Redirect.Splicing.Managed;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>Moves the same bytes through the copy loop and through the kernel, in turns, and compares the CPU time. docs/decisions/0010 says why so.</summary>
internal static class Calibrator
{
    private const int Rounds = 7;
    private const int RoundsThatDecide = 6;

    // What is within this of the copy loop's cost counts as no dearer.
    private const double Tolerance = 1.05;

    private const int Conversations = 64;
    private const int AtOnce = 16;
    private const int Repetitions = 8;
    private const int Request = 512;
    private const int Pieces = 16;
    private const int Piece = 128 * 1024;

    /// <summary>Null where this machine does not tell its CPU times.</summary>
    internal static Calibration? Measure(TrialGround ground)
    {
        if (CpuMeter.TryCreate() is not { } meter || Loopback.TryOpen(IPAddress.Loopback) is not { } loopback)
            return null;

        List<TrialPair> copied = [], carried = [];
        using (loopback)
        {
            try
            {
                var splicer = new ManagedSplicer(useSplice: false);
                for (int i = 0; i < AtOnce; i++)
                {
                    copied.Add(TrialPair.Connect(ground.Reactor, loopback, splicer).Splice());
                    carried.Add(ground.OpenInKernel(loopback, receiveBuffer: 0));
                }

                TrialPair[] copy = [.. copied], kernel = [.. carried];
                return new Calibration(
                    [
                        Compare("requests and answers of 512 B", "exchange", Conversations, meter, copy, kernel, Converse),
                        Compare($"the same on {AtOnce} connections at once", "exchange", Repetitions * AtOnce, meter, copy, kernel, ConverseAtOnce),
                        Compare("a stream in pieces of 128 KiB", "MiB", Pieces * Piece >> 20, meter, copy, kernel, Stream),
                    ],
                    meter.Source);
            }
            finally
            {
                foreach (TrialPair pair in copied.Concat(carried))
                    pair.Dispose();
            }
        }
    }

    /// <summary>What pairs of rounds say: all but one must agree, or the machine was too restless to tell.</summary>
    internal static CalibrationFigure Judge(string traffic, string unit, ReadOnlySpan<long> copy, ReadOnlySpan<long> kernel)
    {
        int noDearer = 0;
        for (int round = 0; round < copy.Length; round++)
            noDearer += kernel[round] <= copy[round] * Tolerance ? 1 : 0;
        CalibrationVerdict verdict = noDearer >= RoundsThatDecide ? CalibrationVerdict.NoDearer
            : copy.Length - noDearer >= RoundsThatDecide ? CalibrationVerdict.Dearer
            : CalibrationVerdict.Undecided;
        return new CalibrationFigure(traffic, unit, Median(copy), Median(kernel), noDearer, copy.Length, verdict);
    }

    private static CalibrationFigure Compare(
        string traffic, string unit, int units, CpuMeter meter, TrialPair[] copy, TrialPair[] kernel, Action<TrialPair[]> round)
    {
        long[] copies = new long[Rounds], kernels = new long[Rounds];
        round(copy);
        round(kernel);
        for (int i = 0; i < Rounds; i++)
        {
            // What follows a round, such as the kernel's last wake-ups, falls to either path as often as to the other.
            bool isCopyFirst = (i & 1) == 0;
            (isCopyFirst ? copies : kernels)[i] = CostOf(isCopyFirst ? copy : kernel) / units;
            (isCopyFirst ? kernels : copies)[i] = CostOf(isCopyFirst ? kernel : copy) / units;
        }

        return Judge(traffic, unit, copies, kernels);

        long CostOf(TrialPair[] pairs)
        {
            long before = meter.Read();
            round(pairs);
            return meter.Read() - before;
        }
    }

    private static void Converse(TrialPair[] pairs)
    {
        for (int i = 0; i < Conversations; i++)
            pairs[0].Exchange(Request);
    }

    // A busy proxy finds many messages each time it wakes, which makes copying cheaper; the kernel's worker does not.
    private static void ConverseAtOnce(TrialPair[] pairs)
    {
        for (int i = 0; i < Repetitions; i++)
        {
            foreach (TrialPair pair in pairs)
                pair.Client.Send(Request);
            foreach (TrialPair pair in pairs)
            {
                pair.Server.Receive(Request);
                pair.Server.Send(Request);
            }

            foreach (TrialPair pair in pairs)
                pair.Client.Receive(Request);
        }
    }

    private static void Stream(TrialPair[] pairs)
    {
        for (int i = 0; i < Pieces; i++)
        {
            pairs[0].Client.Send(Piece);
            pairs[0].Server.Receive(Piece);
        }
    }

    private static long Median(ReadOnlySpan<long> values)
    {
        long[] sorted = values.ToArray();
        sorted.AsSpan().Sort();
        return sorted[sorted.Length / 2];
    }
}
