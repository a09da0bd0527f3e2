package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TenLinesTest {
    @Test
    void it_says_hello_and_what_that_cost() {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            TenLines.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        assertEquals(
                "Hello cost 0.0027", printed.toString(StandardCharsets.UTF_8).strip());
    }
}
