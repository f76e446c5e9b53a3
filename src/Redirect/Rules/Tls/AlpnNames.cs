using System.Diagnostics.CodeAnalysis;

namespace Sluice.Redirect.Rules.Tls;

/// <summary>The protocol names of a ClientHello, 1 to 255 bytes each. For <c>foreach</c>; allocates nothing.</summary>
public readonly ref struct AlpnNames
{
    private readonly HandshakeCursor _names;

    internal AlpnNames(HandshakeCursor names) => _names = names;

    /// <summary>Begins at the first name.</summary>
    public Enumerator GetEnumerator() => new(_names);

    /// <summary>Goes from name to name.</summary>
    public ref struct Enumerator
    {
        private HandshakeCursor _rest;
        private ReadOnlySpan<byte> _name;
        private NameCopy _copy;
        private int _copied;

        internal Enumerator(HandshakeCursor names) => _rest = names;

        /// <summary>The name. Valid until <see cref="MoveNext"/> is called again.</summary>
        [UnscopedRef]
        public readonly ReadOnlySpan<byte> Current => _copied > 0 ? _copy[.._copied] : _name;

        /// <summary>Goes to the next name, if there is one.</summary>
        public bool MoveNext()
        {
            if (_rest.Left == 0)
                return false;

            // The whole list has been read once to know the hello complete: this cannot fail.
            _rest.TryNumber(1, out int length);
            _copied = 0;
            if (!_rest.TrySlice(length, out _name))
                _rest.CopyTo(_copy[..(_copied = length)]);
            return true;
        }
    }
}
