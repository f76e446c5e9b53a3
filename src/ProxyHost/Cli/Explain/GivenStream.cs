using System.Net;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>Bytes that the command line gives, and how they arrive.</summary>
/// <param name="Bytes">At most <see cref="MostBytes"/>; none for a side that is silent.</param>
/// <param name="From">Which side sends them.</param>
/// <param name="Source">Its address; port 0 for any. Null: one that fits.</param>
/// <param name="Cuts">The sizes of the first pieces; what is left then is the last.</param>
internal sealed record GivenStream(byte[] Bytes, Direction From, IPEndPoint? Source, IReadOnlyList<int> Cuts)
{
    /// <summary>The most that is explained: 1 MiB.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Where each piece begins and ends. None is longer than what a reactor reads at once.</summary>
    public IReadOnlyList<Range> Pieces { get; } = [.. Cut(Bytes.Length, Cuts)];

    private static IEnumerable<Range> Cut(int length, IReadOnlyList<int> cuts)
    {
        int at = 0;
        for (int i = 0; at < length; i++)
        {
            int size = Math.Min(Math.Min(i < cuts.Count ? cuts[i] : length, Reactor.ReadBufferSize), length - at);
            yield return at..(at + size);
            at += size;
        }
    }
}
