using System.Net.Sockets;
using System.Security.Cryptography;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace Sluice.Programs.Examples;

/// <summary>mqtt-packet-limit.yaml with mosquitto and its clients.</summary>
public sealed class MqttPacketLimitTests
{
    private const int ConnectionLost = 7;

    [Fact(Timeout = 120_000)]
    public async Task SmallPacketsPassAndAboveTheLimitTheConnectionEnds()
    {
        string publish = Installed.Require("mosquitto_pub"), subscribe = Installed.Require("mosquitto_sub"), mosquitto = Installed.Require("mosquitto");
        using var scratch = new Scratch();
        (int brokerPort, int port) = (Ports.Free(), Ports.Free());
        string config = await scratch.WriteAsync("mosquitto.conf", $"listener {brokerPort} 127.0.0.1\nallow_anonymous true\nuser {Environment.UserName}\n");
        await using var broker = new Child(mosquitto, ["-c", config]);
        await broker.UntilListeningAsync(brokerPort);
        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "mqtt-packet-limit.yaml", ("MQTT_LISTEN", $"127.0.0.1:{port}"), ("MQTT_ENDPOINT", $"127.0.0.1:{brokerPort}"));
        // Retained, so that who subscribes later gets it; acknowledged, so that losing the connection is an error.
        Child Publish(string topic, string file) => new(publish, ["-p", $"{port}", "-q", "1", "-r", "-t", topic, "-f", file]);

        // With its header of three bytes, topic and packet id the first is exactly what the example lets through.
        string fits = await RandomFileAsync(scratch, "fits", 65536 - 4 - "t/fits".Length - 4);
        string big = await RandomFileAsync(scratch, "big", 65536 - 4 - "t/big".Length - 4 + 1), huge = await RandomFileAsync(scratch, "huge", 300_000);
        await using (Child small = Publish("t/fits", fits))
            await small.SucceedAsync();
        await using (Child tooBig = Publish("t/big", big))
            Assert.Equal(ConnectionLost, await tooBig.ExitAsync());
        await using (Child tooHuge = Publish("t/huge", huge))
            Assert.Equal(ConnectionLost, await tooHuge.ExitAsync());

        await Child.RunAsync("/bin/sh", "-c", $"{subscribe} -p {port} -t 't/#' -C 1 -N > {scratch.File("got")}");
        Assert.Equal(await File.ReadAllBytesAsync(fits, Deadline.Token), await File.ReadAllBytesAsync(scratch.File("got"), Deadline.Token));

        using Socket stranger = await Sockets.DialAsync(Watching.Loopback(port));
        await stranger.SendAllAsync(System.Text.Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {new string('x', 100)}\r\n\r\n"));
        Assert.Equal(Ending.Rst, (await stranger.ReceiveToEndAsync()).Ending);

        await sluice.CountedAsync("big-publish", 1);
        await sluice.CountedAsync("no-mqtt", 1);
        await sluice.LoggedAsync("rule_reset", "by rule packets/big-publish");
        await sluice.LoggedAsync("rule_reset", "by rule packets/no-mqtt");
        await sluice.LoggedAsync("client_error", "(EMSGSIZE)");
    }

    private static async Task<string> RandomFileAsync(Scratch scratch, string name, int bytes)
    {
        await File.WriteAllBytesAsync(scratch.File(name), RandomNumberGenerator.GetBytes(bytes), Deadline.Token);
        return scratch.File(name);
    }
}
