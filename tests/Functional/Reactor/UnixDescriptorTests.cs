using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;

namespace Sluice.Functional;

/// <summary>A unix socket's receive stops behind bytes that carry descriptors, though more bytes are there.</summary>
public sealed class UnixDescriptorTests
{
    [Fact(Timeout = 60_000)]
    public async Task BytesBehindDescriptorsDoNotWaitForMore()
    {
        var address = new UnixDomainSocketEndPoint($"\0sluice-{Environment.ProcessId}-rights");
        await using Link link = await Link.OpenAsync(listen: address);
        for (int round = 0; round < 200; round++)
        {
            SendWithDescriptor(link.Client, (byte)'a');
            SendWithDescriptor(link.Client, (byte)'b');
            await link.Client.SendAllAsync("c"u8.ToArray());
            Assert.Equal("abc"u8.ToArray(), await link.Server.ReceiveExactlyAsync(3).OrHung($"round {round}"));
        }
    }

    // The framework sends no SCM_RIGHTS. One byte, with the socket's own descriptor.
    private static void SendWithDescriptor(Socket socket, byte value)
    {
        int fd = (int)socket.Handle;
        nint memory = Marshal.AllocHGlobal(128);
        try
        {
            nint content = memory, vector = memory + 16, control = memory + 32, header = memory + 64;
            Marshal.WriteByte(content, value);
            Marshal.WriteIntPtr(vector, content);
            Marshal.WriteIntPtr(vector, 8, 1);
            Marshal.WriteIntPtr(control, 20); // cmsg_len
            Marshal.WriteInt32(control, 8, 1); // SOL_SOCKET
            Marshal.WriteInt32(control, 12, 1); // SCM_RIGHTS
            Marshal.WriteInt32(control, 16, fd);
            nint[] fields = [0, 0, vector, 1, control, 24, 0];
            Marshal.Copy(fields, 0, header, fields.Length);
            Assert.Equal(1, sendmsg(fd, header, 0));
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    [DllImport("libc")]
    private static extern nint sendmsg(int fd, nint header, int flags);
}
