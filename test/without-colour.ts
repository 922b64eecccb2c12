/** What tests start writes no colour, whatever the terminal or the CI service asks for. A test of colour asks for it. */
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = "1";
