using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Browser;

/// <summary>A headless Chromium of the test's own, with a profile that nobody has used.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly DirectoryInfo _profile;
    private readonly ChromeDriverService _service;
    private readonly ChromeDriver _driver;

    private Chromium(string browser, string driver)
    {
        _profile = Directory.CreateTempSubdirectory("sluice-chromium-");
        _service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(driver), Path.GetFileName(driver));
        _service.HideCommandPromptWindow = true;
        _service.SuppressInitialDiagnosticInformation = true;
        var options = new ChromeOptions { BinaryLocation = browser };
        options.AddArguments(
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={_profile.FullName}");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        _driver = new ChromeDriver(_service, options, TimeSpan.FromSeconds(90));
    }

    /// <summary>Starts it with a window of so many pixels, and opens a page.</summary>
    public static Chromium Open(Uri page, int width = 1280, int height = 900)
    {
        (string browser, string driver) = Require();
        var chromium = new Chromium(browser, driver);
        chromium.Resize(width, height);
        chromium._driver.Navigate().GoToUrl(page);
        return chromium;
    }

    /// <summary>The paths of both programs, so that nobody looks for others, or fetches them.</summary>
    public static (string Browser, string Driver) Require() => (Installed.Require("chromium"), Installed.Require("chromedriver"));

    /// <summary>The size of what is seen; smaller than a window can be as well.</summary>
    public void Resize(int width, int height) => _driver.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new()
    {
        ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false,
    });

    /// <summary>Prefers dark or light.</summary>
    public void Prefer(string scheme) => _driver.ExecuteCdpCommand("Emulation.setEmulatedMedia", new()
    {
        ["features"] = new[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = scheme } },
    });

    /// <summary>What a script returns; it may return a promise.</summary>
    public T Run<T>(string script, params object[] arguments) => (T)_driver.ExecuteScript(script, arguments)!;

    /// <summary>The text of what a selector finds first, as it is seen; empty where it finds nothing.</summary>
    public string Text(string selector) => Run<string>("return document.querySelector(arguments[0])?.innerText ?? ''", selector);

    /// <summary>Waits until a script returns true; fails with what the page shows.</summary>
    public Task UntilAsync(string condition) => Deadline.UntilAsync(() => Run<bool>($"return {condition}"), () => $"never {condition}:\n{Text("body")}");

    /// <summary>Waits until a part of the page has this text.</summary>
    public Task ShowsAsync(string selector, string text) =>
        Deadline.UntilAsync(() => Text(selector).Contains(text, StringComparison.Ordinal), () => $"no {text} in {selector}:\n{Text(selector)}");

    /// <summary>Types into whatever has the focus.</summary>
    public void Type(string keys) => _driver.SwitchTo().ActiveElement().SendKeys(keys);

    /// <summary>What has the focus, by its id, name or text.</summary>
    public string Focus => Run<string>("const it = document.activeElement; return it.id || it.name || it.textContent");

    /// <summary>What the console has said since it was last asked.</summary>
    public string[] Console() => [.. _driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.ToString())];

    public ValueTask DisposeAsync()
    {
        _driver.Quit();
        _driver.Dispose();
        _service.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process of the browser is still about to end, and writes.
        }

        return ValueTask.CompletedTask;
    }
}
