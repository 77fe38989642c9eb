// Before the first render: Vue sets `draft` as a property only on an element whose class it finds defined.
import "certquote";
import { createApp } from "vue";
import Desk from "./Desk.vue";

createApp(Desk).mount("#app");
