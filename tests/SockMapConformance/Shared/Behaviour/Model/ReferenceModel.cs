namespace Sluice.SockMapConformance.Model;

/// <summary>
/// The apply and cork rules as one would explain them: the bytes at hand, and each byte comes out with the ruling that stands.
/// A rule is given what a program sees, and whether it may wait for more.
/// </summary>
internal sealed class ReferenceModel(Func<ReadOnlyMemory<byte>, bool, Ruling> rule, int mostHeld)
{
    private ReadOnlyMemory<byte> _held;
    private Ruling _standing;
    private int _standsFor;
    private int _corkedUntil;
    private bool _ended;

    /// <summary>What each run has seen.</summary>
    public List<ReadOnlyMemory<byte>> Runs { get; } = [];

    /// <summary>Every byte that came out, with the key of its ruling.</summary>
    public List<(byte Byte, int Key)> Out { get; } = [];

    /// <summary>How many pulls, pushes and pops were out of bounds.</summary>
    public int Refused { get; private set; }

    public bool HasFaulted { get; private set; }

    /// <summary>Of bytes that had been corked only those come out that the verdict stands for, as the kernel's redirect has it.</summary>
    public bool LosesRestOfCork { get; init; }

    public void Offer(byte[] message)
    {
        _held = Join(_held, message);
        Work();
    }

    public void End()
    {
        _ended = true;
        Work();
    }

    private void Work()
    {
        while (_held.Length > 0 && !HasFaulted)
        {
            if (_standsFor > 0)
            {
                int count = Math.Min(_standsFor, _held.Length);
                foreach (byte b in _held[..count].Span)
                    Out.Add((b, _standing.Key));
                _held = _held[count..];
                _standsFor -= count;
            }
            else if (!Decide())
            {
                return;
            }
        }
    }

    private bool Decide()
    {
        bool mayWait = !_ended && _held.Length < mostHeld;
        if (mayWait && _held.Length < _corkedUntil)
            return false;

        int before = _held.Length;
        Runs.Add(_held);
        Ruling ruling = rule(_held, mayWait);
        Edit(ruling);
        if (mayWait && ruling.Cork > _held.Length)
        {
            _corkedUntil = ruling.Cork;
            return false;
        }

        bool wasCorked = _corkedUntil > 0;
        _corkedUntil = 0;
        _standing = ruling;
        _standsFor = ruling.Apply > 0 ? ruling.Apply : _held.Length;
        HasFaulted = _held.Length - _standsFor >= before;
        if (wasCorked && LosesRestOfCork)
            _held = _held[..Math.Min(_held.Length, _standsFor)];
        return true;
    }

    private void Edit(Ruling ruling)
    {
        if (ruling.PullTo > _held.Length)
            Refused++;

        if (ruling.Push > 0 && ruling.PushAt > _held.Length)
            Refused++;
        else if (ruling.Push > 0)
            _held = Join(_held[..ruling.PushAt], new byte[ruling.Push], _held[ruling.PushAt..]);

        if (ruling.Pop > 0 && ruling.PopAt + ruling.Pop > _held.Length)
            Refused++;
        else if (ruling.Pop > 0)
            _held = Join(_held[..ruling.PopAt], _held[(ruling.PopAt + ruling.Pop)..]);
    }

    private static byte[] Join(params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        List<byte> all = [];
        foreach (ReadOnlyMemory<byte> part in parts)
            all.AddRange(part.Span);
        return [.. all];
    }
}
