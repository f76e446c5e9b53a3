using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Functional;

/// <summary>A TCP segment for a connection over IPv4 loopback that its own TCP did not send. Needs CAP_NET_RAW and CAP_NET_ADMIN.</summary>
internal static class RawSegment
{
    private const int Tcp = 6;
    private const int Repair = 19, RepairQueue = 20, QueueSequence = 21, Timestamp = 24; // uapi/linux/tcp.h
    private const int HeaderSize = 32; // with the timestamps that PAWS wants

    /// <summary>Sends bytes from <paramref name="before"/> bytes before the next that the socket would send.</summary>
    public static void Inject(Socket from, int before, ReadOnlySpan<byte> bytes)
    {
        (uint next, uint acknowledged, uint timestamp) = Look(from);
        var source = (IPEndPoint)from.LocalEndPoint!;
        var destination = (IPEndPoint)from.RemoteEndPoint!;
        byte[] segment = new byte[HeaderSize + bytes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)destination.Port);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), next - (uint)before);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledged);
        (segment[12], segment[13]) = (HeaderSize / 4 << 4, 0x18); // PSH, ACK
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 512);
        (segment[20], segment[21], segment[22], segment[23]) = (1, 1, 8, 10);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(24), timestamp + 200);
        bytes.CopyTo(segment.AsSpan(HeaderSize));
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), Checksum(source.Address, destination.Address, segment));

        using var raw = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Tcp);
        raw.SendTo(segment, new IPEndPoint(destination.Address, 0));
    }

    // TCP_REPAIR shows a connection's sequence numbers, and switched off again with -1 it leaves no trace.
    private static (uint Next, uint Acknowledged, uint Timestamp) Look(Socket socket)
    {
        Set(socket, Repair, 1);
        Set(socket, RepairQueue, 2);
        uint next = Get(socket, QueueSequence);
        Set(socket, RepairQueue, 1);
        uint acknowledged = Get(socket, QueueSequence);
        uint timestamp = Get(socket, Timestamp);
        Set(socket, Repair, -1);
        return (next, acknowledged, timestamp);
    }

    private static void Set(Socket socket, int option, int value) => socket.SetRawSocketOption(Tcp, option, BitConverter.GetBytes(value));

    private static uint Get(Socket socket, int option)
    {
        Span<byte> value = stackalloc byte[sizeof(uint)];
        socket.GetRawSocketOption(Tcp, option, value);
        return BitConverter.ToUInt32(value);
    }

    private static ushort Checksum(IPAddress source, IPAddress destination, ReadOnlySpan<byte> segment)
    {
        uint sum = Sum(source.GetAddressBytes()) + Sum(destination.GetAddressBytes()) + Tcp + (uint)segment.Length + Sum(segment);
        sum = (sum >> 16) + (sum & 0xffff);
        return (ushort)~(sum + (sum >> 16));
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++)
            sum += (uint)bytes[i] << (i % 2 == 0 ? 8 : 0);
        return sum;
    }
}
