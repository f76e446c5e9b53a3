using Sluice.Redirect.Verdicts;

namespace Sluice.Functional.Clusters;

/// <summary>
/// The protocol of these tests. A message begins with its length (u16, big-endian, itself included) and a key: 0 passes, 1 to 9
/// redirect to that cluster, 'd' drops, 'r' resets, 'i' redirects to cluster 1 with BPF_F_INGRESS.
/// </summary>
internal sealed class KeyedMessages : IStreamParser, IVerdictProgram
{
    public const int MaxMessage = 32 * 1024;

    public int Parse(Message message) => message.Length < 2 ? 0 : (message.Data[0] << 8) | message.Data[1];

    public Verdict Run(Message message) => message.Data[2] switch
    {
        0 => Verdict.Pass,
        (byte)'d' => Verdict.Drop,
        (byte)'i' => message.Redirect(message.Context.Clusters!, 1u, RedirectFlags.Ingress),
        (byte)'r' => Reset(message),
        byte key => message.Redirect(message.Context.Clusters!, (uint)key),
    };

    public static byte[] Create(byte key, int length, byte fill = 7)
    {
        byte[] message = new byte[length];
        message.AsSpan().Fill(fill);
        (message[0], message[1], message[2]) = ((byte)(length >> 8), (byte)length, key);
        return message;
    }

    private static Verdict Reset(Message message)
    {
        message.Reset();
        return Verdict.Pass;
    }
}
