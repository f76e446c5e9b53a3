using System.Text;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Transports;

/// <summary>Messages between a daemon and its successor over a connected unix socket that keeps their boundaries. One thread.</summary>
public static class UpgradeChannel
{
    private const int LongestText = 256;

    /// <summary>Descriptors that one message carries at most.</summary>
    public const int MostDescriptors = DescriptorPassing.Most;

    /// <summary>Sends a word, and sockets with it. False: the other process is gone.</summary>
    public static bool Send(int socket, string text, ReadOnlySpan<int> descriptors) =>
        DescriptorPassing.Send(socket, Encoding.UTF8.GetBytes(text), descriptors) > 0;

    /// <summary>Waits for a word; null: the other process is gone, or the socket's own time is up. Its sockets are the caller's.</summary>
    public static string? Receive(int socket, out int[] descriptors)
    {
        Span<byte> text = stackalloc byte[LongestText];
        int received;
        do
            received = DescriptorPassing.Receive(socket, text, out descriptors);
        while (received == -(int)Errno.EINTR);
        return received > 0 ? Encoding.UTF8.GetString(text[..received]) : null;
    }

    /// <summary>True when the other process is of the same user, or root's.</summary>
    public static bool IsTrusted(int socket) =>
        DescriptorPassing.UserOf(socket) is >= 0 and var user && (user == 0 || user == DescriptorPassing.OwnUser);
}
