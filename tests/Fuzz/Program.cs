// Nothing here may touch the code under test, which must not be loaded before it is instrumented.
return Sluice.Fuzz.InstrumentedContext.Run(args);
