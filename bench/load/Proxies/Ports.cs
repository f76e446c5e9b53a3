using Sluice.Load.Kernel;

namespace Sluice.Load.Proxies;

/// <summary>Where one proxy listens, or the servers behind it are: a port for each of them.</summary>
internal sealed record ServicePorts(IReadOnlyList<(Service Service, int Port)> All)
{
    public int Echo => this[Service.Echo];

    public int this[Service service] => All.First(entry => entry.Service == service).Port;
}

/// <summary>Finds free ports below the ephemeral range, where no outgoing connection can take them in between.</summary>
internal sealed class Ports
{
    private int _next = 21_000;

    public ServicePorts NextSet(IEnumerable<Service> services) => new([.. services.Select(service => (service, Next()))]);

    public int Next()
    {
        for (; ; )
        {
            int port = _next++;
            try
            {
                TcpSocket.Listen(port).Close();
                return port;
            }
            catch (IOException) when (_next < 32_000)
            {
                // Someone else's; the next one may be free.
            }
        }
    }
}
