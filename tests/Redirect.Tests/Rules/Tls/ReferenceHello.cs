using System.Text;
using Sluice.Redirect.Rules.Tls;

namespace Sluice.Redirect.Tests.Rules.Tls;

/// <summary>
/// The ClientHello as one would read it with no thought of cost: all records are joined first, then the message is parsed in
/// a row, and whatever is wrong is thrown.
/// </summary>
internal sealed class ReferenceHello
{
    private readonly List<(byte Value, int At)> _message = [];
    private readonly ClientHelloStatus _ending;
    private int _next;

    private ReferenceHello(byte[] stream) => _ending = Join(stream);

    public static Found Read(byte[] stream)
    {
        try
        {
            return new ReferenceHello(stream).Parse();
        }
        catch (StoppedException stopped)
        {
            return new Found(stopped.Status);
        }
    }

    // Returns what there is to say to one who wants more bytes than there are.
    private ClientHelloStatus Join(byte[] stream)
    {
        byte[] bytes = [.. stream.Take(ClientHello.MostBytes)];
        ClientHelloStatus ending = stream.Length >= ClientHello.MostBytes ? ClientHelloStatus.TooLong : ClientHelloStatus.Incomplete;
        for (int at = 0; at < bytes.Length;)
        {
            if (bytes[at] != 22 || (at + 1 < bytes.Length && bytes[at + 1] != 3))
                return at == 0 ? ClientHelloStatus.NotTls : ClientHelloStatus.Malformed;
            if (at + 5 > bytes.Length)
                return ending;

            int length = (bytes[at + 3] * 256) + bytes[at + 4];
            if (length > 16384)
                return ClientHelloStatus.Malformed;

            at += 5;
            for (int i = 0; i < length && at < bytes.Length; i++, at++)
                _message.Add((bytes[at], at));
        }

        return ending;
    }

    private Found Parse()
    {
        Require(Number(1, int.MaxValue) == 1, ClientHelloStatus.NotTls);
        int length = Number(3, int.MaxValue);
        Require(_message[_next - 1].At + 1 + length <= ClientHello.MostBytes, ClientHelloStatus.TooLong);
        int end = _next + length;
        Take(34, end);
        Take(Length(1, 0, 32, end), end);
        int suites = Length(2, 2, 65535, end);
        Require(suites % 2 == 0);
        Take(suites, end);
        Take(Length(1, 1, 255, end), end);
        return _next == end ? new Found(ClientHelloStatus.Complete) : Extensions(end);
    }

    private Found Extensions(int end)
    {
        Require(Length(2, 0, 65535, end) == end - _next);
        HashSet<int> types = [];
        string? name = null;
        List<string> protocols = [];
        while (_next < end)
        {
            int type = Number(2, end);
            Require(types.Add(type));
            int length = Length(2, 0, 65535, end);
            int extensionEnd = _next + length;
            if (type == 0)
                name = Names(extensionEnd);
            else if (type == 16)
                protocols = Protocols(extensionEnd);
            else
                Take(length, end);
        }

        return new Found(ClientHelloStatus.Complete, name ?? "", Found.Protocols(protocols));
    }

    private string? Names(int end)
    {
        string? found = null;
        Require(Length(2, 1, 65535, end) == end - _next);
        while (_next < end)
        {
            bool isHost = Number(1, end) == 0;
            int length = isHost ? Length(2, 1, 255, end) : Length(2, 0, 65535, end);
            Require(!isHost || found is null);
            string name = Take(length, end);
            found = isHost ? name : found;
        }

        return found;
    }

    private List<string> Protocols(int end)
    {
        List<string> found = [];
        Require(Length(2, 2, 65535, end) == end - _next);
        while (_next < end)
            found.Add(Take(Length(1, 1, 255, end), end));
        return found;
    }

    private int Length(int bytes, int least, int most, int end)
    {
        int length = Number(bytes, end);
        Require(length >= least && length <= most && length <= end - _next);
        return length;
    }

    private int Number(int bytes, int end) => Take(bytes, end).Aggregate(0, (number, digit) => (number * 256) + digit);

    private string Take(int count, int end)
    {
        Require(count <= end - _next);
        Require(_next + count <= _message.Count, _ending);
        _next += count;
        return Encoding.Latin1.GetString([.. _message.Skip(_next - count).Take(count).Select(m => m.Value)]);
    }

    private static void Require(bool holds, ClientHelloStatus otherwise = ClientHelloStatus.Malformed)
    {
        if (!holds)
            throw new StoppedException { Status = otherwise };
    }

    private sealed class StoppedException : Exception
    {
        public required ClientHelloStatus Status { get; init; }
    }
}
