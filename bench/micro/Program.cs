using BenchmarkDotNet.Running;
using Sluice.Micro;

BenchmarkSwitcher.FromAssembly(typeof(ByteMeterBenchmark).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"]);
