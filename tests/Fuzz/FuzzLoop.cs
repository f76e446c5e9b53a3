namespace Sluice.Fuzz;

/// <summary>
/// Gives a target changed inputs, and keeps those that took it where none had before. The same seed, corpus and code give the same inputs.
/// </summary>
internal sealed class FuzzLoop(FuzzTarget target, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<byte[]> _pool = [[]];

    /// <summary>How many inputs have been begun. Read by other threads to see whether it goes on.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    /// <summary>The input that is being run.</summary>
    public byte[] Current { get; private set; } = [];

    /// <summary>How many inputs are kept.</summary>
    public int Kept => _pool.Count;

    /// <summary>Told each input before the target is.</summary>
    public Action<byte[]>? Beginning { get; init; }

    private long _runs;

    /// <summary>Runs the corpus and then changes of it, until one is found that the target fails on; null: none until told to stop.</summary>
    public FuzzFinding? Run(Func<FuzzLoop, bool> goesOn)
    {
        _pool.AddRange(target.Corpus.Read());
        var mutator = new Mutator(_random, _pool, target);
        foreach (byte[] input in _pool.ToArray())
        {
            if (Try(input, out _) is { } error)
                return new FuzzFinding(input, error);
        }

        while (goesOn(this))
        {
            byte[] input = mutator.Next();
            if (Try(input, out bool isNew) is { } error)
                return Shrink(new FuzzFinding(input, error));
            if (isNew)
                _pool.Add(input);
        }

        return null;
    }

    private Exception? Try(byte[] input, out bool isNew)
    {
        Interlocked.Increment(ref _runs);
        Current = input;
        Beginning?.Invoke(input);
        Coverage.Begin();
        try
        {
            target.Run(input);
            return null;
        }
#pragma warning disable CA1031 // Whatever it throws is what is looked for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
        finally
        {
            isNew = Coverage.End();
        }
    }

    // Takes out ever smaller pieces while what is left fails in the same way.
    private FuzzFinding Shrink(FuzzFinding finding)
    {
        for (int size = finding.Input.Length / 2; size > 0; size /= 2)
        {
            for (int at = 0; at + size <= finding.Input.Length;)
            {
                byte[] shorter = [.. finding.Input[..at], .. finding.Input[(at + size)..]];
                if (Try(shorter, out _) is { } error && error.GetType() == finding.Error.GetType())
                    finding = new FuzzFinding(shorter, error);
                else
                    at += size;
            }
        }

        return finding;
    }
}
