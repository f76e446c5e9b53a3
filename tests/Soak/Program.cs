using System.CommandLine;
using System.Globalization;
using Sluice.Soak;

Option<string> time = new("--for") { Description = "How long: 90s, 2m, 8h", DefaultValueFactory = _ => "2m" };
Option<string?> sluice = new("--sluice") { Description = "This binary instead of the one that was built" };
Option<string> offload = new("--offload") { Description = "runtime.offload: off, auto or sockmap", DefaultValueFactory = _ => "auto" };
Option<string?> plot = new("--plot") { Description = "Draw what was measured into this SVG file" };
Option<int> forget = new("--forget") { Description = "Leave so many connections open in each round: a leak that must be found", DefaultValueFactory = _ => 0 };
RootCommand command = new("Runs churn, long streams, slow readers, reloads and health flaps through the daemon, and fails when anything of it grows.") { time, sluice, offload, plot, forget };
command.SetAction(parsed => SoakRun.RunAsync(new SoakOptions(
    Duration(parsed.GetValue(time)!), parsed.GetValue(sluice), parsed.GetValue(offload)!, parsed.GetValue(plot), parsed.GetValue(forget))));
return await command.Parse(args).InvokeAsync();

static TimeSpan Duration(string text)
{
    double number = double.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture);
    return text[^1] switch
    {
        's' => TimeSpan.FromSeconds(number),
        'm' => TimeSpan.FromMinutes(number),
        'h' => TimeSpan.FromHours(number),
        _ => throw new FormatException($"{text} is no duration: write 90s, 2m or 8h"),
    };
}
