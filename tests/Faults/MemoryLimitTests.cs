using System.Globalization;
using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>The daemon in a cgroup with little more memory than it takes and may hold, and nobody who reads.</summary>
public sealed class MemoryLimitTests
{
    private const int Connections = 300;
    private const int Bytes = 6 << 20;
    private const long MiB = 1 << 20;

    [Fact(Timeout = 180_000)]
    public async Task SendersWaitAndTheKernelEndsNobody()
    {
        using var server = new Server();
        string upstream = server.EndPoint.ToString()!;
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream], new SluiceSetup { Runtime = ["offload: off", "buffer_memory: 16MiB"] });
        using MemoryCgroup group = MemoryCgroup.Create();
        await OpenAsync(sluice, upstream, server, Connections, 1000); // loads what stays, and fills what is kept for the next
        group.Add(sluice.Id);
        long before = sluice.ResidentKiB * 1024L;
        group.Limit((16 + 24) * MiB); // of what it takes from now on
        await OpenAsync(sluice, upstream, server, Connections, Bytes);
        Assert.False(sluice.HasExited, "it was ended");
        Assert.Equal(0, group.Kills);
        TestContext.Current.TestOutputHelper!.WriteLine($"{before / MiB} MiB before, {group.Most / MiB} MiB of the group at most, {sluice.ResidentKiB / 1024} MiB now");
    }

    // Nobody reads until all who send have to wait; then all of it arrives.
    private static async Task OpenAsync(SluiceProcess sluice, string upstream, Server server, int connections, int bytes)
    {
        List<Socket> sockets = [];
        List<Transfer> streams = [];
        for (int i = 0; i < connections; i++)
        {
            sockets.AddRange([await Sockets.DialAsync(sluice.To(upstream)), await server.AcceptAsync()]);
            streams.Add(new Transfer(sockets[^2], sockets[^1], i));
        }

        Task<Ending>[] sending = [.. streams.Select(stream => stream.SendAsync(bytes))];
        long before = -1;
        int same = 0;
        await Deadline.UntilAsync(
            () =>
            {
                long now = streams.Sum(stream => stream.Sent);
                same = now == before ? same + 1 : 0;
                before = now;
                return same == 100;
            },
            () => "all senders to wait");
        Task<Ending>[] receiving = [.. streams.Select(stream => stream.ReceiveAsync())];
        Assert.All(await Task.WhenAll(sending.Concat(receiving)).OrHung("all to arrive"), end => Assert.Equal(Ending.Fin, end));
        Assert.All(streams, stream => Assert.Equal(bytes, stream.Received));
        sockets.ForEach(socket => socket.Dispose());
    }

    /// <summary>A group of the memory controller, version 1 or 2, whichever is mounted with it.</summary>
    private sealed class MemoryCgroup : IDisposable
    {
        private readonly string _path;
        private readonly bool _isOld;

        private MemoryCgroup(string path, bool isOld) => (_path, _isOld) = (path, isOld);

        /// <summary>How many processes the kernel has ended for want of memory.</summary>
        public int Kills => File.ReadLines(Path.Combine(_path, _isOld ? "memory.oom_control" : "memory.events"))
            .Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.AsSpan(9), CultureInfo.InvariantCulture));

        /// <summary>The most bytes it has had.</summary>
        public long Most => long.Parse(File.ReadAllText(Path.Combine(_path, _isOld ? "memory.max_usage_in_bytes" : "memory.peak")), CultureInfo.InvariantCulture);

        public static MemoryCgroup Create()
        {
            string? root = ((string[])["/sys/fs/cgroup/memory", "/sys/fs/cgroup"]).FirstOrDefault(
                folder => File.Exists(Path.Combine(folder, "memory.limit_in_bytes")) || Controllers(folder).Contains("memory"));
            Obstacles.SkipWhen(root is null, "no memory controller is mounted");
            string path = Path.Combine(root!, $"sluice-faults-{Environment.ProcessId}");
            try
            {
                Directory.CreateDirectory(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Obstacles.SkipWhen(true, $"no cgroup may be made: {error.Message}");
            }

            return new MemoryCgroup(path, File.Exists(Path.Combine(path, "memory.limit_in_bytes")));
        }

        public void Add(int process) => Write("cgroup.procs", process);

        public void Limit(long bytes) => Write(_isOld ? "memory.limit_in_bytes" : "memory.max", bytes);

        // Its processes have to be out of it before it can go.
        public void Dispose()
        {
            foreach (string process in File.ReadAllLines(Path.Combine(_path, "cgroup.procs")))
                File.WriteAllText(Path.Combine(Path.GetDirectoryName(_path)!, "cgroup.procs"), process);
            Directory.Delete(_path);
        }

        private static string[] Controllers(string folder) =>
            File.Exists(Path.Combine(folder, "cgroup.subtree_control")) ? File.ReadAllText(Path.Combine(folder, "cgroup.subtree_control")).Split(' ', '\n') : [];

        private void Write(string file, long value) => File.WriteAllText(Path.Combine(_path, file), value.ToString(CultureInfo.InvariantCulture));
    }
}
