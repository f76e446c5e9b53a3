using System.Numerics;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// The buckets of a sockhash, half as many as its entries at most, rounded to a power of two, eight bytes each. They are made in
/// pieces when the first entry comes to one: a map that nobody uses costs next to nothing, and no lookup ever meets buckets
/// that are being rebuilt, as it would in a table that doubles. Whoever changes a bucket locks its piece.
/// </summary>
internal readonly struct HashBuckets
{
    private const int MostInPiece = 64;

    private readonly HashBucket[]?[] _pieces;
    private readonly int _inPiece;

    internal HashBuckets(uint entries)
    {
        int count = (int)BitOperations.RoundUpToPowerOf2((entries + 1) / 2);
        _inPiece = Math.Min(count, MostInPiece);
        _pieces = new HashBucket[count / _inPiece][];
    }

    internal int Count => _pieces.Length * _inPiece;

    internal int Of(in SocketKey key) => key.GetHashCode() & (Count - 1);

    /// <summary>The first node in a bucket. Takes no lock.</summary>
    internal HashNode? First(int bucket) => PieceOf(bucket) is { } piece ? In(piece, bucket).First : null;

    /// <summary>The node of a key. Takes no lock.</summary>
    internal HashNode? Find(in SocketKey key)
    {
        int bucket = Of(key);
        return PieceOf(bucket) is { } piece ? In(piece, bucket).Find(key) : null;
    }

    /// <summary>The piece a bucket lies in, or null while there has been nothing in any bucket of it.</summary>
    internal HashBucket[]? PieceOf(int bucket) => Volatile.Read(ref _pieces[bucket / _inPiece]);

    /// <summary>The piece a bucket lies in, made where it is missing. A full fence where it is.</summary>
    internal HashBucket[] MakePieceOf(int bucket) =>
        PieceOf(bucket) ?? Interlocked.CompareExchange(ref _pieces[bucket / _inPiece], new HashBucket[_inPiece], null) ?? PieceOf(bucket)!;

    /// <summary>A bucket in its piece.</summary>
    internal ref HashBucket In(HashBucket[] piece, int bucket) => ref piece[bucket & (_inPiece - 1)];
}
