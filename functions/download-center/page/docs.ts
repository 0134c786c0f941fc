import 'swagger-ui-dist/swagger-ui.css';
import SwaggerUi from 'swagger-ui-dist/swagger-ui-es-bundle.js';

// Same origin: requests include the session cookie, so users can try the routes from here.
SwaggerUi({ dom_id: '#reference', url: '/v1/openapi.json', deepLinking: true });
