/** Contract tests: abstract JUnit classes that prove an adapter, and what they need to be told about it. */
@NullMarked
package io.synapse.gateway.testkit;

import org.jspecify.annotations.NullMarked;
