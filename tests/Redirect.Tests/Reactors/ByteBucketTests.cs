using System.Numerics;
using CsCheck;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Tests.Reactors;

public sealed class ByteBucketTests
{
    private const long Start = 987_654_321;

    private static readonly Gen<long> Amount = Gen.OneOf(Gen.Long[1, 20], Gen.Long[1, 100_000], Gen.Long[1, 1L << 40]);
    private static readonly Gen<(long Milliseconds, long Bytes)> Step = Gen.Select(Gen.OneOf(Gen.Long[0, 3], Gen.Long[0, 5_000], Gen.Long[0, 1L << 50]), Amount);

    // The same bucket in numbers that know no bounds, a thousand parts to the byte.
    [Fact]
    public void It_has_exactly_what_arithmetic_says() => Gen.Select(Amount, Amount, Step.Array[1, 60]).Sample((rate, depth, steps) =>
    {
        var bucket = new ByteBucket(rate, depth, Start);
        BigInteger full = (BigInteger)depth * 1000, level = full;
        long now = Start;
        foreach ((long milliseconds, long bytes) in steps)
        {
            now += milliseconds;
            level = BigInteger.Min(full, level + ((BigInteger)milliseconds * rate));
            Assert.Equal((long)(level / 1000), bucket.Available(now));
            long taken = Math.Min(bytes, bucket.Available(now));
            Assert.Equal(bytes - taken, bucket.TakeUpTo(bytes, now));
            level -= (BigInteger)taken * 1000;
        }
    }, iter: 20_000);

    [Fact]
    public void In_any_time_no_more_is_taken_than_depth_and_rate_bring() => Gen.Select(Gen.Long[1, 5000], Gen.Long[1, 3000], Gen.Select(Gen.Long[0, 400], Gen.Long[1, 3000]).Array[1, 40]).Sample((rate, depth, steps) =>
    {
        var bucket = new ByteBucket(rate, depth, Start);
        long now = Start;
        var taken = new List<(long At, long Bytes)>();
        foreach ((long milliseconds, long bytes) in steps)
        {
            now += milliseconds;
            taken.Add((now, bytes - bucket.TakeUpTo(bytes, now)));
        }

        for (int from = 0; from < taken.Count; from++)
        {
            long sum = 0;
            for (int to = from; to < taken.Count; to++)
            {
                sum += taken[to].Bytes;
                Assert.True(sum * 1000 <= (depth * 1000) + (rate * (taken[to].At - taken[from].At)), $"{sum} bytes from {from} to {to}");
            }
        }
    }, iter: 5_000);

    [Fact]
    public void It_tells_the_first_millisecond_at_which_there_is_enough() => Gen.Select(Amount, Amount, Amount, Amount).Sample((rate, depth, taken, wanted) =>
    {
        long now = Start;
        var bucket = new ByteBucket(rate, depth, now);
        bucket.TakeUpTo(taken, now);
        wanted = Math.Min(wanted, depth);
        long when = bucket.WhenAvailable(wanted, now);
        ByteBucket before = bucket;
        Assert.True(bucket.Available(when) >= wanted);
        Assert.True(when == now || before.Available(when - 1) < wanted);
    }, iter: 20_000);

    [Fact]
    public void A_clock_that_goes_back_brings_nothing()
    {
        var bucket = new ByteBucket(1000, 10, Start);
        Assert.Equal(0, bucket.TakeUpTo(10, Start));
        Assert.Equal(0, bucket.Available(Start - 500));
        Assert.Equal(3, bucket.Available(Start + 3));
    }
}
