using Sluice.Redirect;

namespace Sluice.SockMapConformance.Model;

/// <summary>The stream parser's rules (kernel-facts: 0, n, negative, too large, no progress) as one would explain them.</summary>
internal sealed class ReferenceParser(Func<byte[], int> parse, int mostBytes)
{
    private readonly List<byte> _held = [];
    private int _tooFew;
    private int _announced;

    public List<byte[]> Messages { get; } = [];

    public Errno Error { get; private set; }

    public void Offer(byte[] bytes)
    {
        _held.AddRange(bytes);
        while (_held.Count > 0 && Error == Errno.None)
        {
            if (_announced == 0 && !Ask())
                return;
            if (_announced > _held.Count)
                return;

            Messages.Add([.. _held.Take(_announced)]);
            _held.RemoveRange(0, _announced);
            (_announced, _tooFew) = (0, 0);
        }
    }

    public void End()
    {
        if (_held.Count > 0 && Error == Errno.None)
            Messages.Add([.. _held]);
    }

    private bool Ask()
    {
        int length = parse([.. _held]);
        if (length < 0)
            Error = (Errno)(-length);
        else if (length > mostBytes)
            Error = Errno.EMSGSIZE;
        else if (length == 0 && _held.Count >= mostBytes)
            Error = Errno.EMSGSIZE;
        else if (length > 0 && length <= _tooFew)
            Error = Errno.EPROTO;
        else if (length == 0)
            _tooFew = _held.Count;

        _announced = length;
        return Error == Errno.None && length > 0;
    }
}
