namespace Sluice.Redirect.Tests.Verdicts;

/// <summary>
/// The apply and cork rules as one would explain them: a list of bytes, and each byte comes out with the ruling that stands.
/// </summary>
internal sealed class ReferenceModel(Func<byte[], bool, Ruling> rule, int mostHeld)
{
    private readonly List<byte> _held = [];
    private Ruling _standing;
    private int _standsFor;
    private int _corkedUntil;
    private bool _ended;

    public List<string> Runs { get; } = [];

    /// <summary>Every byte that came out, with the key of its ruling.</summary>
    public List<(byte Byte, int Key)> Out { get; } = [];

    public bool HasFaulted { get; private set; }

    public void Offer(byte[] message)
    {
        _held.AddRange(message);
        Work();
    }

    public void End()
    {
        _ended = true;
        Work();
    }

    private void Work()
    {
        while (_held.Count > 0 && !HasFaulted)
        {
            if (_standsFor > 0)
            {
                int count = Math.Min(_standsFor, _held.Count);
                foreach (byte b in _held.Take(count))
                    Out.Add((b, _standing.Key));
                _held.RemoveRange(0, count);
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
        bool mayWait = !_ended && _held.Count < mostHeld;
        if (mayWait && _held.Count < _corkedUntil)
            return false;

        int before = _held.Count;
        Runs.Add(Convert.ToHexString([.. _held]));
        Ruling ruling = rule([.. _held], mayWait);
        if (ruling.PushAt <= _held.Count)
            _held.InsertRange(ruling.PushAt, new byte[ruling.Push]);
        if (ruling.PopAt + ruling.Pop <= _held.Count)
            _held.RemoveRange(ruling.PopAt, ruling.Pop);

        if (mayWait && ruling.Cork > _held.Count)
        {
            _corkedUntil = ruling.Cork;
            return false;
        }

        _corkedUntil = 0;
        _standing = ruling;
        _standsFor = ruling.Apply > 0 ? ruling.Apply : _held.Count;
        HasFaulted = _held.Count - _standsFor >= before;
        return true;
    }
}
